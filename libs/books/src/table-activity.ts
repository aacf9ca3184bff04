import { allRows, type Sql } from '@pipeline/google-clients';
import type { Span } from './span.js';
import { numberOf, textOf } from './sql-row.js';
import { withTables, type TablesSelect } from './tables-union.js';

/** Rows of one table published within one minute or hour. Copies of a message count each. */
export interface TableActivity {
  readonly table: string;
  /** Start of the minute or hour, RFC 3339. */
  readonly start: string;
  readonly rows: number;
  /** Rows with a value in `_overflow`. */
  readonly overflowedRows: number;
  readonly lastPublishedAt: string;
  /** Longest time from publishing to the row, in milliseconds. */
  readonly longestLagMs: number;
}

/**
 * The rows of a span of publish time by table and minute or hour, in the order of time, then table.
 *
 * Reads publish times, ingest times and `_overflow`, no column of an event.
 */
export async function tableActivity(
  sql: Sql,
  tables: readonly string[],
  { span, by }: { readonly span: Span; readonly by: 'MINUTE' | 'HOUR' },
): Promise<TableActivity[]> {
  const query: TablesSelect = {
    columns: {
      table_name: 'STRING',
      start: 'TIMESTAMP',
      row_count: 'INT64',
      overflowed: 'INT64',
      last_published_at: 'TIMESTAMP',
      longest_lag_ms: 'INT64',
    },
    select: (table) =>
      `SELECT '${table}' AS table_name, TIMESTAMP_TRUNC(_publish_time, ${by}) AS start, COUNT(*) AS row_count, COUNTIF(_overflow IS NOT NULL) AS overflowed, MAX(_publish_time) AS last_published_at, MAX(TIMESTAMP_DIFF(_ingest_time, _publish_time, MILLISECOND)) AS longest_lag_ms FROM ${sql.name(table)} WHERE _publish_time >= @span_from AND _publish_time < @span_to GROUP BY start`,
    parameters: { span_from: span.from, span_to: span.to },
  };
  const rows = await withTables(sql, tables, query, (source) =>
    allRows(sql, {
      sql: `SELECT * FROM ${source} ORDER BY start, table_name`,
      parameters: query.parameters,
    }),
  );
  return rows.map((row) => ({
    table: textOf(row, 'table_name'),
    start: textOf(row, 'start'),
    rows: numberOf(row, 'row_count'),
    overflowedRows: numberOf(row, 'overflowed'),
    lastPublishedAt: textOf(row, 'last_published_at'),
    longestLagMs: numberOf(row, 'longest_lag_ms'),
  }));
}
