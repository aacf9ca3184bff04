import type { Column } from '@pipeline/schema-inference';

/** One row and the columns that it was made for. */
export interface AppendRow {
  /** The message it comes from. */
  readonly insertId: string;
  /** Values by column, as `buildRow` of schema-inference makes them. */
  readonly row: Readonly<Record<string, unknown>>;
  /** The table's columns when the row was made; rows of one reading of the table share this very array. */
  readonly columns: readonly Column[];
}

/**
 * Why one row of an append is not stored.
 *
 * `unknown-field`: BigQuery's writers have not learnt a column yet, normal for minutes after a change. `transient`: try
 * again. `invalid`: this row will never be taken.
 */
export type RowErrorKind = 'unknown-field' | 'transient' | 'invalid';

export interface RowError {
  /** Position in the rows of the append. */
  readonly index: number;
  readonly kind: RowErrorKind;
  /** BigQuery's own words. */
  readonly message: string;
}

/**
 * `answered`: every row is stored but those in `errors`; `writerColumns` are the columns that BigQuery's writers are
 * known to take, where that is less than the rows asked for. `missing`: no row is stored, the table is not there or the
 * writers do not know it yet.
 */
export type AppendAnswer =
  | {
      readonly kind: 'answered';
      readonly errors: readonly RowError[];
      readonly writerColumns?: readonly Column[];
    }
  | { readonly kind: 'missing'; readonly message: string };

/**
 * Stores rows, at least once: an append whose answer is lost may have stored its rows all the same. Implementations
 * throw `CloudError` where nothing is known of any row.
 */
export interface RowAppender {
  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer>;
  /** Loads what the first row would have to wait for. Need not be called. */
  prepare?(): Promise<void>;
  /** Ends connections. What is under way counts as failed. */
  close?(): Promise<void>;
}

export const ROW_APPENDER = Symbol('ROW_APPENDER');
