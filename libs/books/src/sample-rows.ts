import { allRows, quoteName, type Sql } from '@pipeline/google-clients';
import type { JsonValue } from '@pipeline/schema-inference';
import { BooksError } from './books.errors.js';
import type { Span } from './span.js';
import { textOf } from './sql-row.js';

/** One row of a table; its cells as JSON text by column, NULL left out. */
export interface SampleRow {
  readonly messageId: string;
  readonly publishedAt: string;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Reads the newest rows of a span, the newest first.
 *
 * Reads the named columns of the whole span, so it estimates first.
 *
 * @throws BooksError `TOO_EXPENSIVE` with the bytes if they exceed `maxBytes`
 */
export async function sampleRows(
  sql: Sql,
  table: string,
  {
    columns,
    span,
    limit,
    maxBytes,
  }: {
    readonly columns: readonly string[];
    readonly span: Span;
    readonly limit: number;
    readonly maxBytes: number;
  },
): Promise<SampleRow[]> {
  const names = ['_message_id', '_publish_time', ...columns].map(quoteName).join(', ');
  const query = {
    sql: `SELECT ${names} FROM ${sql.name(table)} WHERE _publish_time >= @span_from AND _publish_time < @span_to ORDER BY _publish_time DESC, _message_id LIMIT ${limit}`,
    parameters: { span_from: span.from, span_to: span.to },
  };
  const bytes = await sql.estimateBytes(query);
  if (bytes > maxBytes) {
    throw new BooksError({
      code: 'TOO_EXPENSIVE',
      message: `the sample would read ${bytes} bytes, more than the ${maxBytes} allowed: choose a shorter span`,
    });
  }
  const rows = await allRows(sql, query);
  return rows.map((row) => ({
    messageId: textOf(row, '_message_id'),
    publishedAt: textOf(row, '_publish_time'),
    cells: Object.fromEntries(
      columns.flatMap((name) => {
        const value: JsonValue = row[name] ?? null;
        return value === null ? [] : [[name, JSON.stringify(value)] as const];
      }),
    ),
  }));
}
