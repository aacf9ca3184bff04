import { allRows, type Sql } from '@pipeline/google-clients';
import { listEventTables } from './event-tables.js';
import { numberOf, textOf } from './sql-row.js';
import { withTables } from './tables-union.js';

/** One event table as it is now. */
export interface TableState {
  readonly name: string;
  readonly rows: number;
  readonly createdAtMs: number;
  /** Path of each column, nested ones as `items.sku`, with its type. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The event tables with their columns and counts of rows, by name. Other tables of the dataset are left out. */
export async function tableStates(sql: Sql): Promise<TableState[]> {
  const tables = await listEventTables(sql);
  if (tables.length === 0) return [];
  const createdAtMs = new Map<string, number>();
  const columns = new Map(tables.map((table) => [table, new Map<string, string>()]));
  const paths = await allRows(sql, {
    sql: `SELECT tables.table_name AS table_name, tables.creation_time AS created_at, paths.field_path AS field_path, paths.data_type AS data_type
FROM ${sql.name('INFORMATION_SCHEMA.TABLES')} AS tables
JOIN ${sql.name('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS')} AS paths ON paths.table_name = tables.table_name
ORDER BY table_name, field_path`,
  });
  for (const row of paths) {
    const table = textOf(row, 'table_name');
    columns.get(table)?.set(textOf(row, 'field_path'), textOf(row, 'data_type'));
    createdAtMs.set(table, Date.parse(textOf(row, 'created_at')));
  }
  const counts = await countRows(sql, tables);
  return tables.map((name) => ({
    name,
    rows: counts.get(name) ?? 0,
    createdAtMs: createdAtMs.get(name) ?? 0,
    columns: columns.get(name) ?? new Map<string, string>(),
  }));
}

async function countRows(sql: Sql, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const query = {
    columns: { table_name: 'STRING', row_count: 'INT64' },
    select: (table: string) =>
      `SELECT '${table}' AS table_name, COUNT(*) AS row_count FROM ${sql.name(table)}`,
    parameters: {},
  } as const;
  const rows = await withTables(sql, tables, query, (source) =>
    allRows(sql, { sql: `SELECT table_name, row_count FROM ${source} ORDER BY table_name` }),
  );
  return new Map(rows.map((row) => [textOf(row, 'table_name'), numberOf(row, 'row_count')]));
}
