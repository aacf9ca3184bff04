import { TokenBucket } from 'limiter';

/**
 * BigQuery's limit on changes of one table's metadata, and the window it counts in.
 * Source: BigQuery quotas, "maximum rate of table metadata update operations per table", read 2026-11-22.
 */
const WINDOW_MS = 10_000;
const MAX_CHANGES = 5;
const MAX_CHANGES_PARTITIONED = 50;
/** Changes that may follow each other without a pause, where a replica's part of the limit allows more than one. */
const MAX_BURST = 3;

export interface TablePaceOptions {
  /** Processes that may change one table at the same time; each takes its part of the limit. */
  readonly replicas?: number;
  /** How long the second change of a restless table is gathered for; each further one twice as long. */
  readonly firstGatherMs?: number;
  readonly maxGatherMs?: number;
  /** After so long without a change a table counts as calm, and the next change is made at once. */
  readonly calmMs?: number;
}

const DEFAULTS = { replicas: 5, firstGatherMs: 200, maxGatherMs: 3_000, calmMs: 10_000 } as const;
/** Paces remembered. A forgotten one costs at most a few changes too early, which the backoff catches. */
const MAX_TABLES = 5_000;

interface Pace {
  bucket: TokenBucket | null;
  gatherMs: number;
  changedAtMs: number;
}

/**
 * When a table may be changed: never more often than this process's part of BigQuery's limit, and, while changes follow
 * each other, after a while in which the needs of further events are gathered into the same change.
 */
export class TablePace {
  readonly #paces = new Map<string, Pace>();
  readonly #options: Required<TablePaceOptions>;

  constructor(options: TablePaceOptions = {}) {
    this.#options = { ...DEFAULTS, ...withoutUndefined(options) };
  }

  /** How long to gather before the next change: nothing for a calm table. */
  gatherMs(tableId: string): number {
    const pace = this.#paces.get(tableId);
    return pace === undefined || Date.now() - pace.changedAtMs >= this.#options.calmMs ? 0 : pace.gatherMs;
  }

  /** The table was changed, by this process or another. */
  changed(tableId: string): void {
    const pace = this.#paceOf(tableId);
    const { firstGatherMs, maxGatherMs } = this.#options;
    pace.gatherMs = Math.min(maxGatherMs, Math.max(firstGatherMs, this.gatherMs(tableId) * 2));
    pace.changedAtMs = Date.now();
  }

  /** Take the right to one change. @returns 0 when it is taken, else after how many milliseconds to ask again */
  take(tableId: string, isPartitioned: boolean): number {
    const pace = this.#paceOf(tableId);
    const bucket = (pace.bucket ??= createBucket(
      (isPartitioned ? MAX_CHANGES_PARTITIONED : MAX_CHANGES) / this.#options.replicas,
    ));
    return bucket.tryRemoveTokens(1) ? 0 : Math.max(1, bucket.getWaitTime(1));
  }

  /** BigQuery says that the limit is reached: others have used what this process thought its own. */
  exhausted(tableId: string): void {
    const bucket = this.#paces.get(tableId)?.bucket;
    bucket?.tryRemoveTokens(bucket.content);
  }

  #paceOf(tableId: string): Pace {
    const present = this.#paces.get(tableId);
    if (present !== undefined) {
      return present;
    }
    const oldest = this.#paces.keys().next();
    if (this.#paces.size >= MAX_TABLES && oldest.done !== true) {
      this.#paces.delete(oldest.value);
    }
    const pace = { bucket: null, gatherMs: 0, changedAtMs: Number.NEGATIVE_INFINITY };
    this.#paces.set(tableId, pace);
    return pace;
  }
}

/** In no window are there more than `share` changes: a full bucket at its start, and what drips in until its end. */
function createBucket(share: number): TokenBucket {
  const part = share < 1 ? share : Math.floor(share);
  const bucketSize = Math.max(1, Math.min(MAX_BURST, Math.floor(part / 2)));
  const bucket = new TokenBucket({
    bucketSize,
    tokensPerInterval: part - (bucketSize - 1),
    interval: WINDOW_MS,
  });
  bucket.content = bucketSize;
  return bucket;
}

function withoutUndefined(options: TablePaceOptions): TablePaceOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
