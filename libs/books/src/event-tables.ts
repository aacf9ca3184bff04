import { allRows, type Sql } from '@pipeline/google-clients';
import { BooksError } from './books.errors.js';
import { textOf } from './sql-row.js';

/**
 * BigQuery refers to at most 1,000 tables in one query; the archive, the dead letters and the ledger are three.
 * Source: BigQuery quotas, query jobs, read 2026-11-23.
 */
const MAX_EVENT_TABLES = 997;

/** The event tables of the dataset by name: whatever has the column `_message_id` and is no view. */
export async function listEventTables(sql: Sql): Promise<string[]> {
  const rows = await allRows(sql, {
    sql: `SELECT columns.table_name AS table_name
FROM ${sql.name('INFORMATION_SCHEMA.COLUMNS')} AS columns
JOIN ${sql.name('INFORMATION_SCHEMA.TABLES')} AS tables ON tables.table_name = columns.table_name
WHERE columns.column_name = '_message_id' AND tables.table_type = 'BASE TABLE'
ORDER BY table_name`,
  });
  const tables = rows.map((row) => textOf(row, 'table_name'));
  if (tables.length > MAX_EVENT_TABLES) {
    throw new BooksError({
      code: 'TOO_MANY_TABLES',
      message: `${tables.length} event tables are more than the ${MAX_EVENT_TABLES} that one query may read: name some with --table`,
    });
  }
  return tables;
}
