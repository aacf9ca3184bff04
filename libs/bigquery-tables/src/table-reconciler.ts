import {
  compileSchema,
  type CompiledSchema,
  type Limits,
  type PlannedChange,
  type SchemaChange,
} from '@pipeline/schema-inference';
import { backoffMs, sleep, type Backoff } from './backoff.js';
import { applyPlan, type AppliedChange } from './apply-plan.js';
import { TableCache, type KnownTable } from './table-cache.js';
import { TableError } from './table.errors.js';
import type { StoredTable, TableStore } from './table-store.port.js';

/** One event's claim on a table. */
export interface TableNeed {
  /** What the event still waits for under a schema; empty when nothing. Asked again after every read. */
  pendingIn(compiled: CompiledSchema): readonly SchemaChange[];
  /** The message id, for the record of what caused a change. */
  readonly cause: string;
}

/** Something changed in BigQuery because events needed it. */
export interface TableChange {
  readonly tableId: string;
  /** `recreated`: it was known, then gone, and was made again from the last known schema. */
  readonly action: 'created' | 'recreated' | 'changed';
  readonly changes: readonly PlannedChange[];
  readonly causes: readonly string[];
}

export interface ReconcilerOptions {
  readonly store: TableStore;
  readonly maxTables?: number;
  readonly limits?: Partial<Limits>;
  /** Tries of one round before its events are told to come again. */
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  /** Gives [0, 1). */
  readonly random?: () => number;
  readonly onChange?: (change: TableChange) => void;
  /** A round found or made this table. */
  readonly onTable?: (tableId: string) => void;
}

interface Waiter {
  readonly need: TableNeed;
  readonly resolve: (table: KnownTable) => void;
  readonly reject: (error: TableError) => void;
}

/** Events that wait for one table and have no round yet, and the work that serves them. */
interface Lane {
  readonly waiting: Waiter[];
  work: Promise<void>;
}

const DEFAULT_MAX_TABLES = 2_000;
const DEFAULT_MAX_ATTEMPTS = 8;
const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Keeps tables in step with events: one round at a time per table, each round one read and at most one patch.
 *
 * Events that come while a round reads join it; those that come later are the next round, and those the last round
 * has served already cost no call. A lost race (etag, create, refused schema) is read and planned again with a
 * jittered delay. A table that was known and is gone is made again from its last known schema.
 */
export class TableReconciler {
  readonly #cache: TableCache;
  readonly #lanes = new Map<string, Lane>();
  /** Tables that a writer found otherwise: what is known of them is not believed until they are read again. */
  readonly #suspects = new Set<string>();
  readonly #stopping = new AbortController();

  constructor(private readonly options: ReconcilerOptions) {
    this.#cache = new TableCache(options.maxTables ?? DEFAULT_MAX_TABLES);
  }

  /** What is known without asking anybody. The hot path. */
  known(tableId: string): KnownTable | undefined {
    return this.#cache.get(tableId);
  }

  list(): readonly KnownTable[] {
    return this.#cache.list();
  }

  /**
   * Bring the table to a schema in which the event has nothing pending.
   * @returns the table as it is then. Where guards forbid a change, something may still be pending: fit again and see.
   * @throws TableError: `setup` at once, `transient` (`CONTENDED` among them) after the round's tries
   */
  reconcile(tableId: string, need: TableNeed): Promise<KnownTable> {
    return new Promise((resolve, reject) => {
      this.#join(tableId, { need, resolve, reject });
    });
  }

  /**
   * Ask BigQuery for the table, and make it again where it is gone. For writers that were told "not found" or "no such
   * field": what this process knows may be out of date.
   */
  verify(tableId: string, cause: string): Promise<KnownTable> {
    this.#suspects.add(tableId);
    return this.reconcile(tableId, { pendingIn: () => [], cause });
  }

  /** Ends every wait, and resolves when no round is under way. What waited is told of its last failure. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.work));
  }

  #join(tableId: string, waiter: Waiter): void {
    const lane = this.#lanes.get(tableId);
    if (lane !== undefined) {
      lane.waiting.push(waiter);
      return;
    }
    const opened: Lane = { waiting: [waiter], work: Promise.resolve() };
    this.#lanes.set(tableId, opened);
    opened.work = this.#drain(tableId, opened);
  }

  async #drain(tableId: string, lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      this.#serveKnown(tableId, lane);
      if (lane.waiting.length > 0) {
        await this.#round(tableId, lane);
      }
    }
    this.#lanes.delete(tableId);
  }

  /** Whoever the last round has served already needs no round of its own. */
  #serveKnown(tableId: string, lane: Lane): void {
    const table = this.#suspects.has(tableId) ? undefined : this.#cache.get(tableId);
    if (table === undefined) {
      return;
    }
    const open = lane.waiting.splice(0).filter((waiter) => {
      const isServed = waiter.need.pendingIn(table.compiled).length === 0;
      if (isServed) {
        waiter.resolve(table);
      }
      return !isServed;
    });
    lane.waiting.push(...open);
  }

  async #round(tableId: string, lane: Lane): Promise<void> {
    const joined: Waiter[] = [];
    try {
      const table = await this.#settle(tableId, lane, joined);
      this.options.onTable?.(tableId);
      joined.forEach((waiter) => {
        waiter.resolve(table);
      });
    } catch (cause) {
      const error = TableError.from(cause);
      [...joined, ...(joined.length === 0 ? lane.waiting.splice(0) : [])].forEach((waiter) => {
        waiter.reject(error);
      });
    }
  }

  async #settle(tableId: string, lane: Lane, joined: Waiter[]): Promise<KnownTable> {
    const {
      maxAttempts = DEFAULT_MAX_ATTEMPTS,
      backoff = DEFAULT_BACKOFF,
      random = Math.random,
    } = this.options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(tableId, lane, joined).catch((cause: unknown) =>
        TableError.from(cause),
      );
      if (!(outcome instanceof TableError)) {
        return outcome;
      }
      if (outcome.disposition !== 'transient' || attempt >= maxAttempts || this.#stopping.signal.aborted) {
        throw outcome;
      }
      await sleep(backoffMs(attempt, backoff, random), this.#stopping.signal);
    }
  }

  async #attempt(tableId: string, lane: Lane, joined: Waiter[]): Promise<KnownTable> {
    const { store, limits = {} } = this.options;
    const ticket = this.#cache.takeTicket();
    const stored = await store.read(tableId);
    this.#suspects.delete(tableId);
    joined.push(...lane.waiting.splice(0));
    const lastKnown = this.#cache.get(tableId)?.stored.schema ?? null;
    if (stored !== null) {
      this.#remember(ticket, stored);
    }
    const applied = await applyPlan(store, {
      tableId,
      stored,
      lastKnown,
      limits,
      pendingIn: (schema) => {
        const compiled = compileSchema(schema, limits);
        return joined.map(({ need }) => need.pendingIn(compiled)).filter((pending) => pending.length > 0);
      },
    });
    if (applied.action === 'unchanged') {
      return this.#remember(ticket, applied.table);
    }
    const table = this.#remember(this.#cache.takeTicket(), applied.table);
    this.#tell(tableId, applied, joined);
    return table;
  }

  #remember(ticket: number, stored: StoredTable): KnownTable {
    return this.#cache.remember(ticket, stored, ({ schema }) => compileSchema(schema, this.options.limits));
  }

  #tell(tableId: string, { action, changes }: AppliedChange, joined: readonly Waiter[]): void {
    if (action !== 'unchanged') {
      const causes = joined.map(({ need }) => need.cause);
      this.options.onChange?.({ tableId, action, changes, causes });
    }
  }
}
