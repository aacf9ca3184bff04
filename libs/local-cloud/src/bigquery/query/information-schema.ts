import { invalidQuery } from '../rules/api-error.js';
import { type Field, type FieldType, sqlType } from '../rules/field-schema.js';
import { objectAt } from '../rules/json.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { quoteName, quoteText } from '../warehouse/duckdb-types.js';

type Value = string | number | null;
interface View {
  /** Column → DuckDB type. */
  readonly columns: Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'TIMESTAMPTZ'>>;
  readonly rows: (table: TableEntry) => readonly (readonly Value[])[];
}

const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  VARCHAR: 'STRING',
  BIGINT: 'INTEGER',
  TIMESTAMPTZ: 'TIMESTAMP',
};

/**
 * A view of a dataset's INFORMATION_SCHEMA: DuckDB SQL that gives its rows, and its columns.
 *
 * Source: cloud.google.com/bigquery/docs/information-schema-{tables,columns,column-field-paths,views}, read 2026-11-22.
 */
export function informationSchema(
  view: string,
  tables: readonly TableEntry[],
): { readonly sql: string; readonly fields: readonly Field[] } {
  const shape = VIEWS[view.toUpperCase()];
  if (shape === undefined) throw invalidQuery(`Not supported by this server: INFORMATION_SCHEMA.${view}`);
  const names = Object.keys(shape.columns);
  const rows = tables.flatMap((table) => shape.rows(table));
  const values = (rows.length === 0 ? [names.map(() => null)] : rows).map(
    (row) => `(${row.map(sqlValue).join(', ')})`,
  );
  const columns = Object.entries(shape.columns).map(
    ([name, type]) => `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`,
  );
  const filter = rows.length === 0 ? ' WHERE FALSE' : '';
  const fields = Object.entries(shape.columns).map(([name, type]): Field => {
    const fieldType = FIELD_TYPES[type] ?? 'STRING';
    return { name, type: fieldType, mode: 'NULLABLE' };
  });
  return {
    sql: `(SELECT ${columns.join(', ')} FROM (VALUES ${values.join(', ')}) AS v(${names.map(quoteName).join(', ')})${filter})`,
    fields,
  };
}

function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quoteText(value);
}

const TABLE = { table_catalog: 'VARCHAR', table_schema: 'VARCHAR', table_name: 'VARCHAR' } as const;

function names(table: TableEntry): [string, string, string] {
  return [table.name.projectId, table.name.datasetId, table.name.tableId];
}

const VIEWS: Readonly<Record<string, View>> = {
  TABLES: {
    columns: {
      ...TABLE,
      table_type: 'VARCHAR',
      is_insertable_into: 'VARCHAR',
      is_typed: 'VARCHAR',
      creation_time: 'TIMESTAMPTZ',
    },
    rows: (table) => [
      [
        ...names(table),
        table.kind === 'VIEW' ? 'VIEW' : 'BASE TABLE',
        table.kind === 'VIEW' ? 'NO' : 'YES',
        'NO',
        new Date(table.createdMs).toISOString(),
      ],
    ],
  },
  VIEWS: {
    columns: { ...TABLE, view_definition: 'VARCHAR', check_option: 'VARCHAR', use_standard_sql: 'VARCHAR' },
    rows: (table) =>
      table.kind === 'VIEW'
        ? [[...names(table), String(objectAt(table.properties, 'view')['query']), null, 'YES']]
        : [],
  },
  COLUMNS: {
    columns: {
      ...TABLE,
      column_name: 'VARCHAR',
      ordinal_position: 'BIGINT',
      is_nullable: 'VARCHAR',
      data_type: 'VARCHAR',
      is_generated: 'VARCHAR',
      generation_expression: 'VARCHAR',
      is_stored: 'VARCHAR',
      is_hidden: 'VARCHAR',
      is_updatable: 'VARCHAR',
      is_system_defined: 'VARCHAR',
      is_partitioning_column: 'VARCHAR',
      clustering_ordinal_position: 'BIGINT',
      collation_name: 'VARCHAR',
      column_default: 'VARCHAR',
      rounding_mode: 'VARCHAR',
    },
    rows: (table) => table.fields.map((field, index) => columnRow(table, field, index)),
  },
  COLUMN_FIELD_PATHS: {
    columns: {
      ...TABLE,
      column_name: 'VARCHAR',
      field_path: 'VARCHAR',
      data_type: 'VARCHAR',
      description: 'VARCHAR',
      collation_name: 'VARCHAR',
      rounding_mode: 'VARCHAR',
    },
    rows: (table) => table.fields.flatMap((field) => pathRows(table, field.name, field, field.name)),
  },
};

function columnRow(table: TableEntry, field: Field, index: number): Value[] {
  const partition = objectAt(table.properties, 'timePartitioning')['field'];
  const clustering = objectAt(table.properties, 'clustering')['fields'];
  const place = Array.isArray(clustering) ? clustering.indexOf(field.name) : -1;
  return [
    ...names(table),
    field.name,
    index + 1,
    field.mode === 'REQUIRED' ? 'NO' : 'YES',
    sqlType(field),
    'NEVER',
    null,
    null,
    'NO',
    null,
    'NO',
    partition === field.name ? 'YES' : 'NO',
    place < 0 ? null : place + 1,
    'NULL',
    'NULL',
    null,
  ];
}

function pathRows(table: TableEntry, column: string, field: Field, path: string): Value[][] {
  const own: Value[] = [
    ...names(table),
    column,
    path,
    sqlType(field),
    field.description ?? null,
    'NULL',
    null,
  ];
  const below = (field.fields ?? []).flatMap((child) =>
    pathRows(table, column, child, `${path}.${child.name}`),
  );
  return [own, ...below];
}
