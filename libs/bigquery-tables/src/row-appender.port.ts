import type { RowError } from './row-error.classifier.js';

/** One row with the id by which BigQuery recognises a second try (at most 128 characters, for about a minute). */
export interface AppendRow {
  readonly insertId: string;
  /** Values by column, as `buildRow` of schema-inference makes them. */
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * `answered`: every row is stored but those in `errors`. `missing`: no row is stored, the table is not there or the
 * writer does not know it yet.
 */
export type AppendAnswer =
  | { readonly kind: 'answered'; readonly errors: readonly RowError[] }
  | { readonly kind: 'missing'; readonly message: string };

/** Stores rows in one request. Implementations throw `TableError` where nothing is known of any row. */
export interface RowAppender {
  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer>;
}

export const ROW_APPENDER = Symbol('ROW_APPENDER');
