import type { Column } from '@pipeline/schema-inference';

/** One row and the columns that it was made for. */
export interface AppendRow {
  /** The message it comes from. */
  readonly insertId: string;
  /** Values by column, as `buildRow` of schema-inference makes them; read only if `written` cannot be sent. */
  readonly row: Readonly<Record<string, unknown>>;
  /** The row as one protocol buffer of `columns`, if it was made as one. */
  readonly written?: Uint8Array | null;
  /** The table's columns when the row was made; rows of one reading of the table share this very array. */
  readonly columns: readonly Column[];
}

/**
 * The reason that one row of an append is not stored.
 *
 * `unknown-field`: BigQuery's writers do not know a column yet, normal for minutes after a change. `transient`: retry.
 * `invalid`: this row is never accepted.
 */
export type RowErrorKind = 'unknown-field' | 'transient' | 'invalid';

export interface RowError {
  /** Position in the rows of the append. */
  readonly index: number;
  readonly kind: RowErrorKind;
  /** BigQuery's message. */
  readonly message: string;
}

/**
 * `answered`: every row is stored except those in `errors`; `writerColumns` are the columns that BigQuery's writers accept,
 * if the rows need more. `missing`: no row is stored because the table does not exist or the writers do not know it yet.
 */
export type AppendAnswer =
  | {
      readonly kind: 'answered';
      readonly errors: readonly RowError[];
      readonly writerColumns?: readonly Column[];
    }
  | { readonly kind: 'missing'; readonly message: string };

/**
 * Stores rows at least once: an append whose answer is lost may have stored its rows. Implementations throw `CloudError`
 * if the outcome of every row is unknown.
 */
export interface RowAppender {
  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer>;
  /** Loads the client before the first row needs it. Optional. */
  prepare?(): Promise<void>;
  /** Ends connections. Requests in flight count as failed. */
  close?(): Promise<void>;
}

export const ROW_APPENDER = Symbol('ROW_APPENDER');
