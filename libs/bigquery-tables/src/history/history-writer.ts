import { CloudError, backoffMs, sleep, type Backoff } from '@pipeline/google-clients';
import { ownChangeId, UNKNOWN_ACTOR, type ChangeRecord } from '../schema-changes/change-record.js';
import type { SchemaHistory } from './schema-history.port.js';
import type { TableChange } from '../schema-changes/reconciler-options.js';

export interface HistoryWriterOptions {
  readonly history: Pick<SchemaHistory, 'append'>;
  /** The author of the changes: service and version, `table-manager@1.2.3`. */
  readonly actor: string;
  readonly backoff?: Backoff;
  /** Records queued while appends fail; the auditor finds the ones beyond this limit again. */
  readonly maxQueued?: number;
  /** Gives [0, 1). */
  readonly random?: () => number;
  /** An append failed; it is retried unless the error is `permanent`. */
  readonly onFailure?: (error: CloudError, waiting: number) => void;
  readonly onAppended?: (records: readonly ChangeRecord[]) => void;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 500, maxMs: 60_000 };
const DEFAULT_MAX_QUEUED = 20_000;
const MAX_APPEND = 500;
/** Cloud Run gives a service ten seconds to end. */
const STOP_LIMIT_MS = 3_000;

/**
 * Appends changes to the history after they were made; no event waits for it.
 *
 * A failed append is retried with growing, jittered delays. Changes that a process did not append before it ended are not
 * lost: the tables' descriptions hold them, and `HistoryAuditor` records them from there (decision 0009).
 */
export class HistoryWriter {
  #queue: ChangeRecord[] = [];
  #work: Promise<void> | null = null;
  readonly #stopping = new AbortController();

  constructor(private readonly options: HistoryWriterOptions) {}

  /** Records that are not appended yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  record(change: TableChange): void {
    this.append(toRecords(change, this.options.actor));
  }

  append(records: readonly ChangeRecord[]): void {
    const room = (this.options.maxQueued ?? DEFAULT_MAX_QUEUED) - this.#queue.length;
    this.#queue.push(...records.slice(0, Math.max(0, room)));
    if (this.#queue.length > 0) {
      this.#work ??= this.#drain();
    }
  }

  /** Tries once more to append the queue, for three seconds at most. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const limit = new AbortController();
    await Promise.race([this.#work, sleep(STOP_LIMIT_MS, limit.signal)]);
    limit.abort();
  }

  async #drain(): Promise<void> {
    const { history, backoff = DEFAULT_BACKOFF, random = Math.random, onFailure, onAppended } = this.options;
    for (let attempt = 1; this.#queue.length > 0; attempt++) {
      const wasStopping = this.#stopping.signal.aborted;
      const batch = this.#queue.slice(0, MAX_APPEND);
      const error = await history.append(batch).then(
        () => null,
        (cause: unknown) => CloudError.from(cause),
      );
      if (error === null || error.disposition === 'permanent') {
        this.#queue = this.#queue.slice(batch.length);
        attempt = 0;
      }
      if (error === null) {
        onAppended?.(batch);
        continue;
      }
      onFailure?.(error, this.#queue.length);
      if (wasStopping) {
        break;
      }
      if (attempt > 0) {
        await sleep(backoffMs(attempt, backoff, random), this.#stopping.signal);
      }
    }
    this.#work = null;
  }
}

/**
 * Returns the history records of a change. A recreated table was dropped before, which is recorded as well.
 */
export function toRecords(
  { tableId, version, attributed }: TableChange,
  actor: string,
): readonly ChangeRecord[] {
  return attributed.flatMap((change) => {
    const record = { ...change, tableId, version, actor, changeId: ownChangeId(tableId, change) };
    return change.kind === 'RECREATE_TABLE' ? [droppedBefore(record), record] : [record];
  });
}

/** The drop of a table is not observed, so it is recorded together with the change that recreated it. */
export function droppedBefore(recreated: ChangeRecord): ChangeRecord {
  const dropped = { ...recreated, kind: 'DROP_TABLE', messageId: null, actor: UNKNOWN_ACTOR } as const;
  return { ...dropped, changeId: ownChangeId(recreated.tableId, dropped) };
}
