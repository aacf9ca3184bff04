import type { JsonValue } from '@pipeline/schema-inference';

/** A named parameter: text, a whole number, an instant, or a list of texts. */
export type SqlParameter = string | number | Date | readonly string[];

export interface SqlQuery {
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, SqlParameter>>;
  /** BigQuery refuses the query if it would bill more, in bytes; the local cloud bills nothing. */
  readonly maximumBytesBilled?: number;
  /** Longest wait for the job, in milliseconds; without it the wait has no limit. */
  readonly timeoutMs?: number;
  /** The table the query is about, for the error. */
  readonly tableId?: string;
}

/**
 * One row of a result by column name, in the shapes that a table's row has: INT64 a number when safe and else decimal
 * text, NUMERIC and BIGNUMERIC decimal text, TIMESTAMP RFC 3339 with microseconds in UTC, BYTES base64, JSON its text.
 */
export type SqlRow = Readonly<Record<string, JsonValue>>;

/** Runs GoogleSQL on one dataset. Every failure is a `CloudError` with its disposition. */
export interface Sql {
  /** Returns a table's name in back quotes, with project and dataset. */
  name(tableId: string): string;
  /**
   * Returns the name of a table of the archive's dataset, in back quotes. `_raw_events` and `_ledger` have a dataset of
   * their own, so that the services that write rows cannot change what they are audited against.
   */
  archiveName(tableId: string): string;
  /** Yields the rows page by page; memory holds one page. */
  rows(query: SqlQuery): AsyncIterable<SqlRow>;
  /** Runs a statement that gives no rows. */
  execute(query: SqlQuery): Promise<void>;
  /** Bytes that the query would read, by a dry run, which is free. The local cloud counts none and says 0. */
  estimateBytes(query: SqlQuery): Promise<number>;
}

/** Collects all rows of a result that is known to be small. */
export async function allRows(sql: Pick<Sql, 'rows'>, query: SqlQuery): Promise<SqlRow[]> {
  const rows: SqlRow[] = [];
  for await (const row of sql.rows(query)) rows.push(row);
  return rows;
}
