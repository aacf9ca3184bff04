import type { Backoff, CloudError } from '@pipeline/google-clients';
import type { CompiledSchema, Limits, PlannedChange, SchemaChange } from '@pipeline/schema-inference';
import type { Change } from './change-record.js';
import type { TablePaceOptions } from './table-pace.js';
import type { TableStore } from './table-store.port.js';

/** One event's claim on a table. */
export interface TableNeed {
  /** What the event still waits for under a schema; empty when nothing. Asked again after every read. */
  pendingIn(compiled: CompiledSchema): readonly SchemaChange[];
  /** The message id, for the record of what caused a change. */
  readonly cause: string;
  /** For the description of the columns it brings. */
  readonly eventType?: string;
}

/** One update of a table's metadata in BigQuery, because events needed it. */
export interface TableChange {
  readonly tableId: string;
  /** `recreated`: it was known, then gone, and was made again from the last known schema. */
  readonly action: 'created' | 'recreated' | 'changed';
  /** What was planned of this update; of a table made again, only what is new. */
  readonly changes: readonly PlannedChange[];
  /** Each change with the message that caused it, for the history. */
  readonly told: readonly Change[];
  /** The messages whose events waited in this round. */
  readonly causes: readonly string[];
  /** BigQuery's `lastModifiedTime` of the table after the update, in milliseconds. */
  readonly version: number;
  /** From the first event that waited for it until BigQuery had made it. */
  readonly durationMs: number;
}

/** Everything is called without being waited for, and must not throw. */
export interface ReconcilerObserver {
  readonly onChange?: (change: TableChange) => void;
  /** A round found or made this table. */
  readonly onTable?: (tableId: string) => void;
  /** A table was met as this process did not know it: for the first time, or changed by somebody else. */
  readonly onMet?: (tableId: string) => void;
  /** A try failed; a transient one is tried again. */
  readonly onFailure?: (tableId: string, error: CloudError) => void;
}

export interface ReconcilerOptions extends ReconcilerObserver {
  readonly store: TableStore;
  readonly maxTables?: number;
  readonly limits?: Partial<Limits>;
  /** Tries of one round before its events are told to come again. */
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  /** Waits after BigQuery said that the limit on changes of a table is reached. */
  readonly rateLimitBackoff?: Backoff;
  /** How often a table may be changed, and how long needs are gathered. */
  readonly pace?: TablePaceOptions;
  /** Gives [0, 1). */
  readonly random?: () => number;
}
