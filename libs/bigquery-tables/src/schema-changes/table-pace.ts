import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

/**
 * BigQuery's limit on changes of one table's metadata, and the window it counts in.
 * Source: BigQuery quotas, "maximum rate of table metadata update operations per table", read 2026-11-22.
 */
const WINDOW_MS = 10_000;
const MAX_CHANGES = 5;
const MAX_CHANGES_PARTITIONED = 50;
/** Changes without a pause between them, if a replica's share of the limit allows more than one. */
const MAX_BURST = 3;

export interface TablePaceOptions {
  /** Processes that may change one table at the same time; each uses its share of the limit. */
  readonly replicas?: number;
  /** Gathering time of the second change in a row; each further one takes twice as long. */
  readonly firstGatherMs?: number;
  readonly maxGatherMs?: number;
  /** A table without a change for this time is calm, and its next change is made at once. */
  readonly calmMs?: number;
}

const DEFAULTS = { replicas: 5, firstGatherMs: 200, maxGatherMs: 3_000, calmMs: 10_000 } as const;
/** Cached paces. An evicted one costs at most a few early changes, which the backoff catches. */
const MAX_TABLES = 5_000;

interface Pace {
  bucket: TokenBucket | null;
  gatherMs: number;
  changedAtMs: number;
}

/**
 * Limits the rate of changes of each table to this process's share of BigQuery's limit. While changes follow each other, it
 * also delays them, so that the needs of further events are gathered into the same change.
 */
export class TablePace {
  readonly #paces = new LRUCache<string, Pace>({ max: MAX_TABLES });
  readonly #options: Required<TablePaceOptions>;

  constructor(options: TablePaceOptions = {}) {
    this.#options = { ...DEFAULTS, ...withoutUndefined(options) };
  }

  /** Returns the gathering time before the next change: 0 for a calm table. */
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

  /** Takes a token for one change. @returns 0 if it was available, else the milliseconds until it will be */
  take(tableId: string, isPartitioned: boolean): number {
    const pace = this.#paceOf(tableId);
    const bucket = (pace.bucket ??= createBucket(
      (isPartitioned ? MAX_CHANGES_PARTITIONED : MAX_CHANGES) / this.#options.replicas,
    ));
    return bucket.tryRemoveTokens(1) ? 0 : Math.max(1, bucket.getWaitTime(1));
  }

  /** BigQuery reported its limit: other processes used more than their share. */
  exhausted(tableId: string): void {
    const bucket = this.#paces.get(tableId)?.bucket;
    bucket?.tryRemoveTokens(bucket.content);
  }

  #paceOf(tableId: string): Pace {
    const present = this.#paces.get(tableId);
    if (present !== undefined) {
      return present;
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
