import type { Backoff, CloudError } from '@pipeline/google-clients';
import type { CompiledSchema, Limits, PlannedChange, SchemaChange } from '@pipeline/schema-inference';
import type { Change } from './change-record.js';
import type { RememberedTable } from './table-cache.js';
import type { TableGuard } from './table-guard.js';
import type { TablePaceOptions } from './table-pace.js';
import type { TableStore } from './table-store.port.js';

/** One event's claim on a table. */
export interface TableNeed {
  /** Returns the changes that the event still needs under a schema. Called again after every read. */
  pendingIn(compiled: CompiledSchema): readonly SchemaChange[];
  /** The message id, for the record of what caused a change. */
  readonly cause: string;
  /** For the descriptions of the columns it adds. */
  readonly eventType?: string;
}

/** One update of a table's metadata in BigQuery, because events needed it. */
export interface TableChange {
  readonly tableId: string;
  /** `recreated`: the table was known, then deleted, and was created again from the last known schema. */
  readonly action: 'created' | 'recreated' | 'changed';
  /** The planned part of this update; for a recreated table only the new part. */
  readonly changes: readonly PlannedChange[];
  /** Each change with the message that caused it, for the history. */
  readonly attributed: readonly Change[];
  /** The messages whose events waited in this round. */
  readonly causes: readonly string[];
  /** BigQuery's `lastModifiedTime` of the table after the update, in milliseconds. */
  readonly version: number;
  /** From the first event that waited for the update until BigQuery confirmed it. */
  readonly durationMs: number;
}

/** Callbacks; the reconciler does not await them, and they must not throw. */
export interface ReconcilerObserver {
  readonly onChange?: (change: TableChange) => void;
  /** A round found or created this table. */
  readonly onTable?: (table: RememberedTable) => void;
  /** A table was read for the first time, or another process or person changed it. */
  readonly onDiscovered?: (tableId: string) => void;
  /** An attempt failed; a transient failure is retried. */
  readonly onFailure?: (tableId: string, error: CloudError) => void;
}

export interface ReconcilerOptions extends ReconcilerObserver {
  readonly store: TableStore;
  /** Admits new tables; without it every new table is created. */
  readonly guard?: Pick<TableGuard, 'admit' | 'lastRefusal'>;
  readonly maxTables?: number;
  /** Age at which the schema of a table in use is read again in the background; at six times this age it is not used before. */
  readonly maxSchemaAgeMs?: number;
  readonly limits?: Partial<Limits>;
  /** Attempts of one round before its events fail. */
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  /** Delays after BigQuery reported the limit on changes of a table. */
  readonly rateLimitBackoff?: Backoff;
  /** Limits on the rate of changes, and the time in which needs are gathered. */
  readonly pace?: TablePaceOptions;
  /** Gives [0, 1). */
  readonly random?: () => number;
}
