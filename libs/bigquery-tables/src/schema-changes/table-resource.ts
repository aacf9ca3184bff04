import { CloudError } from '@pipeline/google-clients';
import {
  toChangeVerb,
  type ChangeVerb,
  type Column,
  type ColumnMode,
  type ColumnType,
  type TableSchema,
} from '@pipeline/schema-inference';
import type { FieldResource, NewTable, StoredTable } from './table-store.port.js';

/** The part of BigQuery's Table resource that this library reads and writes. */
export interface TableResource {
  readonly etag?: string;
  readonly type?: string;
  readonly tableReference?: { readonly tableId?: string };
  readonly schema?: { readonly fields?: readonly FieldResource[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly lastModifiedTime?: string;
  readonly creationTime?: string;
  readonly numBytes?: string;
  readonly timePartitioning?: unknown;
  readonly rangePartitioning?: unknown;
}

const CLOSED_LABEL = 'pipeline_schema';
const NEW_COLUMNS_LABEL = 'pipeline_new_columns';
const TYPE_CHANGES_LABEL = 'pipeline_type_changes';

/** The verbs of a table's contract. */
export interface TableVerbs {
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
}

/** The labels that carry the verbs of a table's contract; both writers read them with the schema. */
export function verbLabels({ newColumns, typeChanges }: TableVerbs): Readonly<Record<string, string>> {
  return { [NEW_COLUMNS_LABEL]: newColumns, [TYPE_CHANGES_LABEL]: typeChanges };
}

/** The verbs that labels carry, without those that are `evolve`. */
function verbsOf(labels: Readonly<Record<string, string>>): Pick<TableSchema, 'newColumns' | 'typeChanges'> {
  const newColumns = toChangeVerb(labels[NEW_COLUMNS_LABEL]);
  const typeChanges = toChangeVerb(labels[TYPE_CHANGES_LABEL]);
  return {
    ...(newColumns === 'evolve' ? {} : { newColumns }),
    ...(typeChanges === 'evolve' ? {} : { typeChanges }),
  };
}

/** The API takes and sometimes gives back the older names. Source: REST reference TableFieldSchema, read 2026-11-22. */
const LEGACY_TYPES: readonly (readonly [string, ColumnType])[] = [
  ['INTEGER', 'INT64'],
  ['FLOAT', 'FLOAT64'],
  ['BOOLEAN', 'BOOL'],
  ['STRUCT', 'RECORD'],
  ['DECIMAL', 'NUMERIC'],
  ['BIGDECIMAL', 'BIGNUMERIC'],
];

const COLUMN_TYPES: readonly ColumnType[] = [
  'BOOL',
  'INT64',
  'NUMERIC',
  'BIGNUMERIC',
  'FLOAT64',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'JSON',
  'RECORD',
  'BYTES',
  'TIME',
  'GEOGRAPHY',
  'INTERVAL',
  'RANGE',
];

/** Every name of a type, and the one string that all columns of it share. */
const TYPES: ReadonlyMap<string, ColumnType> = new Map([
  ...COLUMN_TYPES.map((type) => [type, type] as const),
  ...LEGACY_TYPES,
]);

/** The names the API documents in requests. */
const API_TYPES: Partial<Readonly<Record<ColumnType, string>>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
};

/**
 * Read a Table resource. The label `pipeline_schema=closed` closes the schema; `pipeline_new_columns` and
 * `pipeline_type_changes` are the verbs of a contract.
 * @throws CloudError `UNSUPPORTED` for a column type this library does not know, naming the column
 */
export function toStoredTable(resource: TableResource, tableId: string): StoredTable {
  const labels = resource.labels ?? {};
  const fields = resource.schema?.fields ?? [];
  return {
    tableId,
    kind: resource.type ?? 'TABLE',
    etag: resource.etag ?? '',
    version: Number(resource.lastModifiedTime ?? 0),
    createdAtMs: Number(resource.creationTime ?? 0),
    bytes: Number(resource.numBytes ?? 0),
    isPartitioned: resource.timePartitioning !== undefined || resource.rangePartitioning !== undefined,
    description: resource.description ?? '',
    labels,
    fields,
    schema: {
      columns: fields.map((field) => toColumn(field, tableId)),
      closed: labels[CLOSED_LABEL] === 'closed',
      ...verbsOf(labels),
    },
  };
}

/** The body of `tables.insert`. */
export function toTableResource(table: NewTable): Readonly<Record<string, unknown>> {
  return {
    tableReference: { tableId: table.tableId },
    description: table.description,
    labels: table.labels,
    schema: { fields: table.columns.map(toField) },
    timePartitioning: { type: 'DAY', field: table.partitionBy },
    ...(table.clusterBy.length > 0 ? { clustering: { fields: table.clusterBy } } : {}),
  };
}

/** One column as the API writes it; `toColumn` gives it back. */
export function toField(column: Column): FieldResource {
  return {
    name: column.name,
    type: API_TYPES[column.type] ?? column.type,
    mode: column.mode,
    ...parametersOf(column, String),
    ...(column.description === undefined ? {} : { description: column.description }),
    ...(column.columns === undefined ? {} : { fields: column.columns.map(toField) }),
  };
}

/** The body of `tables.patch` that brings a table to a schema; closing it is a label, and a patch keeps other labels. */
export function toSchemaPatch(
  table: StoredTable,
  schema: TableSchema,
  description?: string,
): Readonly<Record<string, unknown>> {
  return {
    ...(description === undefined ? {} : { description }),
    schema: { fields: mergeFields(table.fields, schema.columns) },
    ...(schema.closed && !table.schema.closed ? { labels: { [CLOSED_LABEL]: 'closed' } } : {}),
  };
}

/**
 * The whole schema for a patch: the fields as they were read, with the columns' modes, descriptions and new fields.
 *
 * Shape: `[{name: 'a', type: 'STRING', policyTags}]` + columns a, b → `[{name: 'a', …, policyTags}, {name: 'b', …}]`.
 */
export function mergeFields(
  fields: readonly FieldResource[],
  columns: readonly Column[],
): readonly FieldResource[] {
  const known = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const merged = columns.map((column) => {
    const field = known.get(column.name.toLowerCase());
    known.delete(column.name.toLowerCase());
    return field === undefined ? toField(column) : mergeField(field, column);
  });
  return [...merged, ...known.values()];
}

function mergeField(field: FieldResource, column: Column): FieldResource {
  return {
    ...field,
    mode: column.mode,
    ...(column.description === undefined ? {} : { description: column.description }),
    ...(column.columns === undefined ? {} : { fields: mergeFields(field.fields ?? [], column.columns) }),
  };
}

function toColumn(field: FieldResource, tableId: string): Column {
  const type = toType(field, tableId);
  return {
    name: shared(field.name),
    type,
    mode: toMode(field.mode),
    ...parametersOf(field, Number),
    ...(field.description === undefined || field.description === ''
      ? {}
      : { description: field.description }),
    ...(type === 'RECORD' ? { columns: (field.fields ?? []).map((child) => toColumn(child, tableId)) } : {}),
  };
}

const PARAMETERS = ['maxLength', 'precision', 'scale'] as const;

/** A type's parameters, as numbers in a column and as strings in the API. Source: TableFieldSchema, read 2026-11-29. */
function parametersOf<T>(
  from: Readonly<Record<string, unknown>> | Column,
  to: (value: unknown) => T,
): { [name: string]: T } {
  const given = new Map<string, unknown>(Object.entries(from));
  const present = PARAMETERS.filter((name) => (given.get(name) ?? null) !== null);
  return Object.fromEntries(present.map((name) => [name, to(given.get(name))]));
}

function toType(field: FieldResource, tableId: string): ColumnType {
  const type = TYPES.get(field.type.toUpperCase());
  if (type === undefined) {
    throw new CloudError({
      code: 'UNSUPPORTED',
      message: `Column ${field.name} of table ${tableId} has the type ${field.type}, which no rule is known for`,
      tableId,
    });
  }
  return type;
}

/** The same string as property names are kept, so that the columns of many tables share the names they have in common. */
function shared(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}

function toMode(mode: string | undefined): ColumnMode {
  const name = mode?.toUpperCase();
  return name === 'REPEATED' || name === 'REQUIRED' ? name : 'NULLABLE';
}
