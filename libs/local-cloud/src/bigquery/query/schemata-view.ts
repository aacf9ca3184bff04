import type { Field } from '../rules/field-schema.js';
import { stringAt } from '../rules/json.js';
import type { DatasetEntry } from '../warehouse/catalog.js';
import { valuesRelation } from './values-relation.js';

const COLUMNS: readonly Field[] = (
  [
    ['catalog_name', 'STRING'],
    ['schema_name', 'STRING'],
    ['schema_owner', 'STRING'],
    ['creation_time', 'TIMESTAMP'],
    ['last_modified_time', 'TIMESTAMP'],
    ['location', 'STRING'],
  ] as const
).map(([name, type]) => ({ name, type, mode: 'NULLABLE' }));

/**
 * INFORMATION_SCHEMA.SCHEMATA: the datasets of a project, with the columns that this server has values for.
 *
 * Source: docs/information-schema-datasets-schemata, from memory.
 */
export function schemataView(datasets: readonly DatasetEntry[]): {
  readonly sql: string;
  readonly fields: readonly Field[];
} {
  const rows = datasets.map(({ projectId, datasetId, createdMs, modifiedMs, properties }) => [
    projectId,
    datasetId,
    null,
    new Date(createdMs).toISOString(),
    new Date(modifiedMs).toISOString(),
    stringAt(properties, 'location') ?? 'US',
  ]);
  return { sql: valuesRelation(COLUMNS, rows), fields: COLUMNS };
}
