import type { CloudErrorCode } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import type { AppendRow } from './row-appender.port.js';

/** A row to store, with its deadline. */
export interface WriteRow extends AppendRow {
  /** Size as a protocol buffer if the row is `written`, else as compact JSON. */
  readonly bytes: number;
  /** Epoch milliseconds; no attempt begins after it. */
  readonly deadlineAtMs: number;
  /** Epoch milliseconds from which on `not-yet` is an answer and no reason to wait; never by default. */
  readonly waitsUntilMs?: number;
}

/**
 * `stored`: BigQuery has the row, possibly twice, because an append whose answer was lost is sent again. `not-yet`: BigQuery's
 * writers did not know the table or a column during all attempts, normal for minutes after a change; `writerColumns` are
 * the columns they accept, if known. `rejected`: BigQuery never accepts this row.
 */
export type WriteOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'not-yet'; readonly message: string; readonly writerColumns: readonly Column[] | null }
  | { readonly kind: 'rejected'; readonly message: string };

/** One append, for metrics. `durationMs` is from the request to its answer. */
export interface AppendReport {
  readonly tableId: string;
  readonly rows: number;
  /** The sum of `bytes` of the rows. */
  readonly bytes: number;
  readonly durationMs: number;
  /** `answered`: BigQuery answered, whatever the outcome of single rows; `missing`: no such table; else the error's code. */
  readonly outcome: 'answered' | 'missing' | CloudErrorCode;
}

/** The reason that rows are sent again. */
export type RetryCause = 'not-yet' | 'transient';
