import { allRows, type Sql } from '@pipeline/google-clients';
import { numberOf, textOf } from './sql-row.js';

/** One event table at a glance. */
export interface TableOverview {
  readonly table: string;
  /** Columns and nested fields. */
  readonly columns: number;
  readonly createdAt: string;
}

/** The tables named, from BigQuery's own catalogue: no row is read. */
export async function tableOverviews(sql: Sql, tables: readonly string[]): Promise<TableOverview[]> {
  if (tables.length === 0) return [];
  const rows = await allRows(sql, {
    sql: `SELECT tables.table_name AS table_name, MIN(tables.creation_time) AS created_at, COUNT(*) AS columns
FROM ${sql.name('INFORMATION_SCHEMA.TABLES')} AS tables
JOIN ${sql.name('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS')} AS paths ON paths.table_name = tables.table_name
WHERE tables.table_name IN UNNEST(@tables)
GROUP BY tables.table_name ORDER BY tables.table_name`,
    parameters: { tables },
  });
  return rows.map((row) => ({
    table: textOf(row, 'table_name'),
    columns: numberOf(row, 'columns'),
    createdAt: textOf(row, 'created_at'),
  }));
}
