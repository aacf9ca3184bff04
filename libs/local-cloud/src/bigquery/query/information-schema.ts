import { invalidQuery } from '../rules/api-error.js';
import { type Field, type FieldType, sqlType } from '../rules/field-schema.js';
import { objectAt } from '../rules/json.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { partitionsView, type RowCounts } from './partitions-view.js';
import { type Value, valuesRelation } from './values-relation.js';

interface View {
  /** Column → DuckDB type. */
  readonly columns: Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'BOOLEAN' | 'TIMESTAMPTZ'>>;
  readonly rows: (table: TableEntry, counts: RowCounts) => readonly (readonly Value[])[];
}

const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  VARCHAR: 'STRING',
  BIGINT: 'INTEGER',
  BOOLEAN: 'BOOLEAN',
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
  counts: RowCounts,
): { readonly sql: string; readonly fields: readonly Field[] } {
  if (view.toUpperCase() === 'PARTITIONS') return partitionsView(tables, counts);
  const shape = VIEWS[view.toUpperCase()];
  if (shape === undefined) throw invalidQuery(`Not supported by this server: INFORMATION_SCHEMA.${view}`);
  const fields = Object.entries(shape.columns).map(([name, type]): Field => {
    const fieldType = FIELD_TYPES[type] ?? 'STRING';
    return { name, type: fieldType, mode: 'NULLABLE' };
  });
  const rows = tables.flatMap((table) => shape.rows(table, counts));
  return { sql: valuesRelation(fields, rows), fields };
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
  TABLE_OPTIONS: {
    columns: { ...TABLE, option_name: 'VARCHAR', option_type: 'VARCHAR', option_value: 'VARCHAR' },
    rows: (table) => tableOptions(table).map((option) => [...names(table), ...option]),
  },
  __TABLES__: {
    columns: {
      project_id: 'VARCHAR',
      dataset_id: 'VARCHAR',
      table_id: 'VARCHAR',
      creation_time: 'BIGINT',
      last_modified_time: 'BIGINT',
      row_count: 'BIGINT',
      size_bytes: 'BIGINT',
      type: 'BIGINT',
    },
    rows: (table, counts) => [
      [
        ...names(table),
        table.createdMs,
        counts.changedMs(table),
        table.kind === 'VIEW' ? null : countOf(table, counts),
        table.kind === 'VIEW' ? null : 0,
        table.kind === 'VIEW' ? 2 : 1,
      ],
    ],
  },
  TABLE_STORAGE: {
    columns: {
      project_id: 'VARCHAR',
      ...TABLE,
      creation_time: 'TIMESTAMPTZ',
      total_rows: 'BIGINT',
      total_partitions: 'BIGINT',
      total_logical_bytes: 'BIGINT',
      active_logical_bytes: 'BIGINT',
      long_term_logical_bytes: 'BIGINT',
      total_physical_bytes: 'BIGINT',
      storage_last_modified_time: 'TIMESTAMPTZ',
      deleted: 'BOOLEAN',
      table_type: 'VARCHAR',
    },
    rows: (table, counts) =>
      table.kind === 'VIEW'
        ? []
        : [
            [
              table.name.projectId,
              ...names(table),
              new Date(table.createdMs).toISOString(),
              countOf(table, counts),
              ...[0, 0, 0, 0, 0],
              new Date(counts.changedMs(table)).toISOString(),
              false,
              'BASE TABLE',
            ],
          ],
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

function countOf(table: TableEntry, { known, rowsOf }: RowCounts): Value {
  if (table.fields.length === 0) return 0;
  return known(table) ?? { sql: `(SELECT count(*) FROM ${rowsOf(table)})` };
}

/** Name, type and value of a table's options as GoogleSQL writes them. */
function tableOptions({ properties }: TableEntry): [string, string, string][] {
  const options: [string, string, string][] = [];
  const text = (key: string, name: string): void => {
    const value = properties[key];
    if (typeof value === 'string') options.push([name, 'STRING', JSON.stringify(value)]);
  };
  text('friendlyName', 'friendly_name');
  text('description', 'description');
  const labels = Object.entries(objectAt(properties, 'labels'));
  if (labels.length > 0) {
    const pairs = labels.map(([key, value]) => `STRUCT(${JSON.stringify(key)}, ${JSON.stringify(value)})`);
    options.push(['labels', 'ARRAY<STRUCT<STRING, STRING>>', `[${pairs.join(', ')}]`]);
  }
  if (properties['requirePartitionFilter'] === true)
    options.push(['require_partition_filter', 'BOOL', 'true']);
  const days = Number(objectAt(properties, 'timePartitioning')['expirationMs'] ?? 0) / 86_400_000;
  if (days > 0) options.push(['partition_expiration_days', 'FLOAT64', days.toFixed(1)]);
  return options;
}

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
