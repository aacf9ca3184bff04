import {
  isPipelineColumn,
  readNote,
  type ChangeVerb,
  type Column,
  type NewTypeVerb,
  type TableSchema,
} from '@pipeline/schema-inference';
import { Document } from 'yaml';
import { PROPERTY } from '../model/contract.js';
import { elementTextOf, logicalTypeOf, typeTextOf } from '../model/type-text.js';

/** A table as `contracts init` describes it. */
export interface DescribedTable {
  readonly dataset: string;
  readonly table: string;
  readonly schema: TableSchema;
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
}

export type Plain = Readonly<Record<string, unknown>>;

const API_VERSION = 'v3.1.0';
/** Readers of YAML 1.1 take `on`, `no` and `y` for truth values: such names are quoted. */
export const YAML_OPTIONS = { compat: 'yaml-1.1' } as const;

/** Returns the file of a table as it is. The pipeline's own columns and retired ones are left out. */
export function tableContractText({
  dataset,
  table,
  schema,
  newColumns,
  typeChanges,
}: DescribedTable): string {
  const document = new Document(
    {
      apiVersion: API_VERSION,
      kind: 'DataContract',
      id: `${dataset}.${table}`,
      name: table,
      version: '1.0.0',
      status: 'active',
      schema: [
        {
          name: table,
          physicalName: table,
          logicalType: 'object',
          physicalType: 'table',
          customProperties: [
            { property: PROPERTY.newColumns, value: newColumns },
            { property: PROPERTY.typeChanges, value: typeChanges },
          ],
          properties: eventColumns(schema).map(toProperty),
        },
      ],
    },
    YAML_OPTIONS,
  );
  document.commentBefore =
    ' Contract of one table. The verbs decide what happens to a column or a type that is not in this file:\n' +
    ' evolve adds it, approve asks a person first, overflow never adds it. Rows land in any case. docs/CONTRACTS.md';
  return document.toString({ lineWidth: 0 });
}

/** Returns the file of the dataset. */
export function datasetContractText(dataset: string, newTypes: NewTypeVerb): string {
  const document = new Document(
    {
      apiVersion: API_VERSION,
      kind: 'DataContract',
      id: dataset,
      name: dataset,
      version: '1.0.0',
      status: 'active',
      customProperties: [{ property: PROPERTY.newTypes, value: newTypes }],
    },
    YAML_OPTIONS,
  );
  document.commentBefore =
    ' Contract of the dataset. An event type without a table gets one with its first event. docs/CONTRACTS.md';
  return document.toString({ lineWidth: 0 });
}

/** The columns of a table that a contract describes: those of events, without retired ones. */
export function eventColumns({ columns }: TableSchema): readonly Column[] {
  return columns.filter(
    ({ name, description }) => !isPipelineColumn(name) && readNote(description).retired !== true,
  );
}

/** One entry of `properties`. */
export function toProperty(column: Column): Plain {
  const { name, mode, description } = column;
  const { key, newColumns, typeChanges } = readNote(description);
  const pairs = [
    { property: PROPERTY.key, value: key },
    { property: PROPERTY.newColumns, value: newColumns },
    { property: PROPERTY.typeChanges, value: typeChanges },
  ].filter(({ value }) => value !== undefined);
  const custom = pairs.length === 0 ? {} : { customProperties: pairs };
  const required = mode === 'REQUIRED' ? { required: true } : {};
  if (mode !== 'REPEATED') return { name, ...typed(column), ...required, ...custom };
  return { name, logicalType: 'array', physicalType: typeTextOf(column), ...custom, items: typed(column) };
}

/** The type of a column, or of one element. */
function typed(column: Column): Plain {
  const logicalType = logicalTypeOf(column.type);
  return {
    ...(logicalType === undefined ? {} : { logicalType }),
    physicalType: elementTextOf(column),
    ...(column.columns === undefined ? {} : { properties: column.columns.map(toProperty) }),
  };
}
