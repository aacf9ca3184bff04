import { CloudError } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import type { StoredTable } from './table-store.port.js';

/** A schema with the pipeline's columns, and those of them that the table lacked. */
export interface CompletedSchema {
  readonly schema: TableSchema;
  readonly added: readonly Column[];
}

/**
 * Adds the pipeline's columns that a hand-made table lacks, as NULLABLE, because BigQuery adds no REQUIRED column to a
 * table that exists. Source: BigQuery, modifying table schemas, read 2026-11-29.
 */
export function completeSchema(schema: TableSchema): CompletedSchema {
  const added = missingFrom(schema).map((column): Column => ({ ...column, mode: 'NULLABLE' }));
  return added.length === 0
    ? { schema, added }
    : { schema: { ...schema, columns: [...schema.columns, ...added] }, added };
}

/** Returns the schema to create a table with: the pipeline's columns first. */
export function schemaForCreation(schema: TableSchema): TableSchema {
  const missing = missingFrom(schema);
  return missing.length === 0 ? schema : { ...schema, columns: [...missing, ...schema.columns] };
}

/** True if rows can be written to the table as it is. */
export function hasPipelineColumns(schema: TableSchema): boolean {
  return missingFrom(schema).length === 0;
}

/** The part of a stored table that decides if the pipeline can use it. */
export type UsableTable = Pick<StoredTable, 'tableId' | 'kind' | 'schema'>;

/** Returns the reason that the pipeline cannot write to a hand-made table, with the remedy; null if it can. */
export function tableProblem({ tableId, kind, schema }: UsableTable): string | null {
  const remedy = `rename or drop it, or give its event type another table with EVENT_ROUTES`;
  if (kind !== 'TABLE') {
    return `${tableId} is a ${kind.toLowerCase().replaceAll('_', ' ')}, not a table: ${remedy}`;
  }
  for (const wanted of PIPELINE_COLUMNS) {
    const found = findColumn(schema, wanted.name);
    if (found === undefined || (found.type === wanted.type && found.mode !== 'REPEATED')) continue;
    const type = found.mode === 'REPEATED' ? `ARRAY<${found.type}>` : found.type;
    return `column ${found.name} of table ${tableId} is ${type} where the pipeline needs ${wanted.type}: ${remedy}`;
  }
  return null;
}

/** @throws CloudError `TABLE_UNUSABLE`, setup */
export function assertUsable(table: UsableTable): void {
  const message = tableProblem(table);
  if (message !== null) throw new CloudError({ code: 'TABLE_UNUSABLE', message, tableId: table.tableId });
}

function missingFrom(schema: TableSchema): readonly Column[] {
  return PIPELINE_COLUMNS.filter(({ name }) => findColumn(schema, name) === undefined);
}

/** BigQuery compares names without case. */
function findColumn({ columns }: TableSchema, name: string): Column | undefined {
  return columns.find((column) => column.name.toLowerCase() === name);
}
