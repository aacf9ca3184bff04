import { CloudError, backoffMs, sleep, type Backoff } from '@pipeline/google-clients';
import { compileSchema } from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import { applyPlan, type AppliedChange } from './apply-plan.js';
import type { ReconcilerOptions, TableNeed } from './reconciler-options.js';
import { ageOf, TableCache, type KnownTable } from './table-cache.js';
import { newTableRefused, refusalOf } from './new-types.js';
import { TablePace } from './table-pace.js';
import type { StoredTable } from './table-store.port.js';
import { claimsOf, serve, type Waiter } from './waiters.js';

/** Events that wait for a round of one table, and the work that serves them. */
interface TableQueue {
  readonly waiting: Waiter[];
  work: Promise<void>;
}

/** One round: its start, its events, and the etags whose change was refused once. */
interface Round {
  readonly tableId: string;
  readonly sinceMs: number;
  readonly queue: TableQueue;
  readonly joined: Waiter[];
  readonly refused: Set<string>;
}

const DEFAULT_MAX_TABLES = 2_000;
const DEFAULT_MAX_ATTEMPTS = 8;
const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };
/** Longest time an event waits for others to share its change; Pub/Sub waits meanwhile. */
const MAX_GATHER_AGAIN_MS = 3_000;
/** A table whose contract holds values back is read again at most once in this time, so that an approval is seen. */
const REFRESH_MS = 5_000;
/** BigQuery counts changes of a table in windows of ten seconds. */
const DEFAULT_RATE_LIMIT_BACKOFF: Backoff = { firstMs: 1_000, maxMs: 10_000 };

/**
 * Keeps tables in step with events: one round at a time per table, each round one read and at most one patch.
 *
 * A calm table is changed at once; while changes follow each other, needs are gathered before each (`TablePace`). Events that
 * arrive before a round has read join it; later ones form the next round, and those that the last round served cost no
 * call. After a lost race (etag, create, refused schema) the table is read and planned again with a jittered delay. A known
 * table that is gone is recreated from its last known schema.
 */
export class TableReconciler {
  readonly #cache: TableCache;
  readonly #pace: TablePace;
  readonly #queues = new Map<string, TableQueue>();
  /** Tables that differ for a writer: the cached state is not used until they are read again. */
  readonly #suspects = new Set<string>();
  /** Tables that were read lately because a value awaits an approval. */
  readonly #refreshed: LRUCache<string, true>;
  readonly #stopping = new AbortController();
  readonly #random: () => number;

  constructor(private readonly options: ReconcilerOptions) {
    const max = options.maxTables ?? DEFAULT_MAX_TABLES;
    this.#cache = new TableCache(max);
    this.#refreshed = new LRUCache({ max, ttl: REFRESH_MS, perf: Date });
    this.#pace = new TablePace(options.pace);
    this.#random = options.random ?? Math.random;
  }

  /** Returns the cached table without a call. The hot path. A table that was not read for minutes is read in the background. */
  known(tableId: string): KnownTable | undefined {
    const table = this.#cache.get(tableId);
    if (table?.isComplete !== true) return undefined;
    const age = ageOf(table, this.options.maxSchemaAgeMs);
    // A failure is reported by the round; the next event tries again.
    if (age !== 'fresh' && !this.#queues.has(tableId))
      this.verify(tableId, 'schema age').catch(() => undefined);
    return age === 'expired' ? undefined : table;
  }

  list(): readonly KnownTable[] {
    return this.#cache.list();
  }

  /** The number of cached tables. */
  get size(): number {
    return this.#cache.size;
  }

  /**
   * Changes the table until the event has nothing pending.
   * @returns the table as it is then. If guards forbid a change, some may still be pending: fit again.
   * @throws CloudError: `setup` at once, `transient` (`CONTENDED` among them) after the attempts of one round
   */
  reconcile(tableId: string, need: TableNeed): Promise<KnownTable> {
    const refusal = this.options.guard?.lastRefusal(tableId);
    if (refusal !== undefined && this.#cache.etagOf(tableId) === undefined) {
      return Promise.reject(newTableRefused(tableId, refusal));
    }
    return new Promise((resolve, reject) => {
      this.#join(tableId, { need, sinceMs: Date.now(), resolve, reject });
    });
  }

  /**
   * Reads the table, and recreates it if it is gone. For writers whose append failed with "not found" or "no such
   * field": what this process knows may be out of date.
   */
  verify(tableId: string, cause: string): Promise<KnownTable> {
    this.#suspects.add(tableId);
    return this.reconcile(tableId, { pendingIn: () => [], cause });
  }

  /**
   * Reads the table again in the background, at most every five seconds. For events with a value that awaits an approval:
   * nothing in them waits, so that the process learns of the decision only by this.
   */
  refresh(tableId: string, cause: string): void {
    if (this.#refreshed.has(tableId)) return;
    this.#refreshed.set(tableId, true);
    // The next event tries again; its row lands in any case.
    this.verify(tableId, cause).catch(() => undefined);
  }

  /** Ends every wait, and resolves when no round is running. Waiting events fail with the last error. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#queues.values()].map((queue) => queue.work));
  }

  #join(tableId: string, waiter: Waiter): void {
    const queue = this.#queues.get(tableId);
    if (queue !== undefined) {
      queue.waiting.push(waiter);
      return;
    }
    const opened: TableQueue = { waiting: [waiter], work: Promise.resolve() };
    this.#queues.set(tableId, opened);
    opened.work = this.#drain(tableId, opened);
  }

  async #drain(tableId: string, queue: TableQueue): Promise<void> {
    while (queue.waiting.length > 0) {
      this.#serveKnown(tableId, queue);
      if (queue.waiting.length > 0) {
        const gatherMs = this.#gatherMs(tableId);
        if (gatherMs > 0) {
          await sleep(this.#jittered(gatherMs), this.#stopping.signal);
        }
        await this.#round({ tableId, sinceMs: Date.now(), queue, joined: [], refused: new Set() });
      }
    }
    this.#queues.delete(tableId);
  }

  /** Resolves events that the last round served, so that they need no round of their own. */
  #serveKnown(tableId: string, queue: TableQueue): void {
    const table = this.#suspects.has(tableId) ? undefined : this.known(tableId);
    if (table === undefined) {
      return;
    }
    queue.waiting.push(...serve(queue.waiting.splice(0), table));
  }

  /** Gathers events while a table changes often; a suspect is read without delay. */
  #gatherMs(tableId: string): number {
    return this.#suspects.has(tableId) ? 0 : this.#pace.gatherMs(tableId);
  }

  async #round(round: Round): Promise<void> {
    const { joined } = round;
    try {
      const table = await this.#settle(round);
      this.options.onTable?.(table.stored);
      joined.forEach((waiter) => {
        waiter.resolve(table);
      });
    } catch (cause) {
      this.#giveUp(round, CloudError.from(cause));
    }
  }

  /** Events that joined during the retries get a full set of attempts in the next round. */
  #giveUp({ queue, joined, sinceMs }: Round, error: CloudError): void {
    const failed = joined.length === 0 ? queue.waiting.splice(0) : joined;
    const isForAll = error.disposition !== 'transient' || this.#stopping.signal.aborted;
    for (const waiter of failed) {
      if (isForAll || waiter.sinceMs <= sinceMs) {
        waiter.reject(error);
      } else {
        queue.waiting.push(waiter);
      }
    }
  }

  async #settle(round: Round): Promise<KnownTable> {
    const { maxAttempts = DEFAULT_MAX_ATTEMPTS, onFailure } = this.options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(round, attempt === 1).catch((cause: unknown) =>
        CloudError.from(cause),
      );
      if (!(outcome instanceof CloudError)) {
        return outcome;
      }
      if (refusalOf(outcome) === null) onFailure?.(round.tableId, outcome);
      if (outcome.disposition !== 'transient' || attempt >= maxAttempts || this.#stopping.signal.aborted) {
        throw outcome;
      }
      await sleep(this.#backoffMs(round.tableId, outcome, attempt), this.#stopping.signal);
    }
  }

  #backoffMs(tableId: string, { code }: CloudError, attempt: number): number {
    const { backoff = DEFAULT_BACKOFF, rateLimitBackoff = DEFAULT_RATE_LIMIT_BACKOFF } = this.options;
    if (code === 'RATE_LIMITED') {
      this.#pace.exhausted(tableId);
      return backoffMs(attempt, rateLimitBackoff, this.#random);
    }
    const delayMs = backoffMs(attempt, backoff, this.#random);
    if (code !== 'CONTENDED') {
      return delayMs;
    }
    this.#pace.changed(tableId);
    return Math.max(delayMs, this.#jittered(this.#pace.gatherMs(tableId)));
  }

  /** Reads and changes once; repeats while it is too early for a change. */
  async #attempt(round: Round, isFirst: boolean): Promise<KnownTable> {
    const { store, limits = {} } = this.options;
    const { tableId, refused } = round;
    for (;;) {
      const ticket = this.#cache.takeTicket();
      const { stored, isNews } = await this.#read(round, ticket);
      if (isNews && isFirst && (await this.#gatherAgain(round))) {
        continue;
      }
      const outcome = await applyPlan(store, {
        tableId,
        stored,
        lastKnown: this.#cache.get(tableId)?.stored.schema ?? null,
        limits,
        cause: round.joined[0]?.need.cause ?? null,
        nowMs: Date.now(),
        refused,
        claimsOn: (schema) => claimsOf(round.joined, compileSchema(schema, limits)),
        mayCreate: () => this.#mayCreate(tableId),
        mayChange: (isPartitioned) => this.#mayChange(tableId, isPartitioned),
        onApplied: (step) => {
          this.#applied(round, step);
        },
      });
      if (outcome.kind === 'ready') {
        const isAsRead = outcome.table === stored;
        return this.#remember(isAsRead ? ticket : this.#cache.takeTicket(), outcome.table);
      }
    }
  }

  /**
   * Another process has just changed the table. Events that this change serves leave the round, the others gather once more,
   * so that many replicas make one change together and not one each.
   */
  async #gatherAgain(round: Round): Promise<boolean> {
    const { tableId, joined } = round;
    const table = this.known(tableId);
    if (table === undefined) {
      return false;
    }
    joined.push(...serve(joined.splice(0), table));
    const [oldest] = joined;
    if (oldest === undefined || Date.now() - oldest.sinceMs >= MAX_GATHER_AGAIN_MS) {
      return false;
    }
    await sleep(this.#jittered(this.#pace.gatherMs(tableId)), this.#stopping.signal);
    return !this.#stopping.signal.aborted;
  }

  /** @returns the table; `isNews` if another process or person changed it since this process saw it last */
  async #read(
    { tableId, queue, joined }: Round,
    ticket: number,
  ): Promise<{ readonly stored: StoredTable | null; readonly isNews: boolean }> {
    const wasSuspect = this.#suspects.delete(tableId);
    const stored = await this.options.store.read(tableId).catch((cause: unknown) => {
      if (wasSuspect) {
        this.#suspects.add(tableId);
      }
      throw cause;
    });
    joined.push(...queue.waiting.splice(0));
    if (stored === null) {
      return { stored, isNews: false };
    }
    const knownEtag = this.#cache.etagOf(tableId);
    this.#remember(ticket, stored);
    if (knownEtag !== stored.etag) {
      this.options.onDiscovered?.(tableId);
    }
    const isNews = knownEtag !== undefined && knownEtag !== stored.etag;
    if (isNews) {
      this.#pace.changed(tableId);
    }
    return { stored, isNews };
  }

  /** @throws CloudError if the contract or a limit forbids a new table */
  async #mayCreate(tableId: string): Promise<void> {
    const refusal = await this.options.guard?.admit(tableId);
    if (refusal !== undefined && refusal !== null) throw newTableRefused(tableId, refusal);
  }

  /** Takes a token for a change, after a wait if it is too early. @throws CloudError if stopped meanwhile */
  async #mayChange(tableId: string, isPartitioned: boolean): Promise<boolean> {
    const waitMs = this.#pace.take(tableId, isPartitioned);
    if (waitMs === 0) {
      return true;
    }
    // The jitter is added to the wait: no token is available earlier.
    await sleep(waitMs * (1 + this.#random() / 4), this.#stopping.signal);
    if (this.#stopping.signal.aborted) {
      throw new CloudError({
        code: 'RATE_LIMITED',
        message: 'Stopped before the table could be changed',
        tableId,
      });
    }
    return false;
  }

  #applied({ tableId, joined }: Round, { action, table, planned, changes }: AppliedChange): void {
    this.#remember(this.#cache.takeTicket(), table);
    this.#pace.changed(tableId);
    const nowMs = Date.now();
    this.options.onChange?.({
      tableId,
      action,
      changes: planned,
      attributed: changes,
      causes: joined.map(({ need }) => need.cause),
      version: table.version,
      durationMs: nowMs - (joined[0]?.sinceMs ?? nowMs),
    });
  }

  #jittered(delayMs: number): number {
    return delayMs * (0.5 + this.#random() / 2);
  }

  #remember(ticket: number, stored: StoredTable): KnownTable {
    return this.#cache.remember(ticket, stored, ({ schema }) => compileSchema(schema, this.options.limits));
  }
}
