import { CloudError, type Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { listContractTables } from './event-tables.js';
import { pendingApprovals, type PendingApprovals } from './pending-approvals.js';
import { type EstimateCosts, type PendingCost, PendingCosts } from './pending-costs.js';
import { joinPending, pendingTypes } from './pending-types.js';
import { isGrouped } from './tables-union.js';

export interface PendingListOptions {
  readonly sql: Sql;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  readonly estimate: EstimateCosts;
  /** Age from which an answer is read again, in milliseconds; ten times what reading took, if that is longer, up to five minutes. */
  readonly maxAgeMs: number;
}

/** Changes and event types that wait for an approval, with the age of the figures. */
export interface PendingAnswer extends PendingApprovals {
  /** Start of the read. */
  readonly readAt: string;
  readonly ageSeconds: number;
  /** One for each table of the listed changes. */
  readonly costs: readonly PendingCost[];
  /** The reason why the figures were not read again since; null if the last read succeeded. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** A decision that a list read before does not show. */
interface Decision {
  readonly table: string;
  readonly path: string;
  readonly kind: 'approve' | 'reject';
  readonly atMs: number;
}

/** Longest wait of a reader for an old list that is read again, and for costs. */
const PATIENCE_MS = 30;
/** A list of this age is not given any more: the reader waits, so that the read has a processor on Cloud Run. */
const OLDEST_MS = 300_000;
/** The list is read again after a change only for readers who asked in this time. */
const INTEREST_MS = 600_000;
/** The costs of a few tables are waited for so long. */
const [FEW_TABLES, PATIENCE_FOR_FEW_MS] = [10, 5_000];
/** A short list that was read in this time, as on a laptop, is waited for so long. */
const QUICK_MS = 1_000;
const SHORT_LIST = 100;
const SHARE_OF_TIME = 10;

type PendingFigures = Omit<PendingAnswer, 'ageSeconds' | 'failure' | 'costs'>;

/**
 * Keeps the changes and event types that wait for an approval in memory, at most 10,000, so that readers are answered at once.
 *
 * A list that is older than `maxAgeMs` is read again: the reader gets it if it is short and quick to read, else the last one with its age, which
 * is at most five minutes. Nothing is read while no one asks. Readers wait only for the first list, for one that is older, or if they ask for
 * a fresh one. Decisions of this process leave the list at once. Readers share one read; a failure is shown beside the last figures.
 * Costs follow the list: a table whose dry runs have not ended has the reason instead.
 */
export class PendingList {
  #last: PendingFigures | null = null;
  #failure: PendingAnswer['failure'] = null;
  #warming: Promise<void> | null = null;
  #reading: Promise<PendingFigures> | null = null;
  #next: Promise<PendingFigures> | null = null;
  #durationMs = 0;
  #decisions: Decision[] = [];
  #askedAtMs: number | null = null;
  readonly #costs: PendingCosts;

  constructor(private readonly options: PendingListOptions) {
    this.#costs = new PendingCosts(options.estimate);
  }

  /**
   * Reads the first list in the background, without costs. It is left to the first reader if it would bill more than this, or has more
   * tables than one query may name.
   */
  warm(maximumBytesBilled: number): void {
    this.#warming ??= this.#begin(maximumBytesBilled).then(
      () => undefined,
      () => {
        this.#failure = null;
      },
    );
  }

  /** Reads the list again in the background if a reader asked lately: something is known to have changed. */
  refresh(): void {
    if (this.#askedAtMs === null || Date.now() - this.#askedAtMs > INTEREST_MS) return;
    this.#freshly().catch(() => undefined);
  }

  /** @param fresh wait for figures that are read after this call; @throws CloudError if there are none to give */
  async read({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<PendingAnswer> {
    this.#askedAtMs = Date.now();
    const figures = fresh ? await this.#freshly() : await this.#current();
    const tables = tablesOf(figures);
    const costs = this.#costs.update(tables);
    const patienceMs = tables.length <= FEW_TABLES ? PATIENCE_FOR_FEW_MS : PATIENCE_MS;
    await (fresh ? costs : Promise.race([costs, sleep(patienceMs)]));
    return this.#answer(figures);
  }

  async #current(): Promise<PendingFigures> {
    if (this.#last === null) await this.#warming;
    const last = this.#last;
    if (last === null) return this.#begin();
    const ageMs = Date.now() - Date.parse(last.readAt);
    if (ageMs < this.#maxAgeMs()) return last;
    const isQuick = last.approvals.length <= SHORT_LIST && this.#durationMs <= QUICK_MS;
    const read = this.#begin().catch(() => undefined);
    await (ageMs >= OLDEST_MS ? read : Promise.race([read, sleep(isQuick ? QUICK_MS : PATIENCE_MS)]));
    return this.#last ?? last;
  }

  /** Takes a change off the list: it was decided, and no value of it waits any more. */
  decided(kind: Decision['kind'], table: string, path: string): void {
    this.#decisions.push({ kind, table, path, atMs: Date.now() });
    if (this.#last !== null) this.#last = without(this.#last, this.#decisions);
  }

  /** A read that begins after this call. */
  #freshly(): Promise<PendingFigures> {
    if (this.#reading === null) return this.#begin();
    this.#next ??= this.#reading.then(
      () => this.#afterwards(),
      () => this.#afterwards(),
    );
    return this.#next;
  }

  #afterwards(): Promise<PendingFigures> {
    this.#next = null;
    return this.#begin();
  }

  #begin(maximumBytesBilled?: number): Promise<PendingFigures> {
    this.#reading ??= this.#read(maximumBytesBilled).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(maximumBytesBilled?: number): Promise<PendingFigures> {
    const { sql, readSchema } = this.options;
    const billing = maximumBytesBilled === undefined ? {} : { maximumBytesBilled };
    const startedAtMs = Date.now();
    try {
      const tables = await listContractTables(sql);
      if (maximumBytesBilled !== undefined && isGrouped(tables)) throw new Error('too many tables to warm');
      const types = await pendingTypes(sql, billing);
      const changes = await pendingApprovals(sql, tables, { readSchema, ...billing });
      const listed = joinPending(types, changes);
      this.#decisions = this.#decisions.filter(({ atMs }) => atMs >= startedAtMs);
      this.#failure = null;
      this.#durationMs = Date.now() - startedAtMs;
      this.#last = without({ readAt: new Date(startedAtMs).toISOString(), ...listed }, this.#decisions);
      return this.#last;
    } catch (cause) {
      const { code, message } = CloudError.from(cause);
      this.#failure = { code, message };
      throw cause;
    }
  }

  /** A list that takes long to read is read less often, so that reading it takes a tenth of the time, but for lists of half a minute and more. */
  #maxAgeMs(): number {
    return Math.min(OLDEST_MS, Math.max(this.options.maxAgeMs, SHARE_OF_TIME * this.#durationMs));
  }

  #answer(figures: PendingFigures): PendingAnswer {
    const ageSeconds = Math.max(0, Math.round((Date.now() - Date.parse(figures.readAt)) / 1_000));
    return { ...figures, costs: this.#costs.of(tablesOf(figures)), ageSeconds, failure: this.#failure };
  }
}

/** The tables of the listed changes; an event type has none yet. */
function tablesOf({ approvals }: PendingFigures): readonly string[] {
  return [...new Set(approvals.filter(({ kind }) => kind !== 'type').map(({ table }) => table))];
}

/** Does not keep a process alive. */
function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}

/** The figures without the changes that were decided since; an approval of a record is one of its fields too. */
function without(figures: PendingFigures, decisions: readonly Decision[]): PendingFigures {
  const approvals = figures.approvals.filter(
    ({ table, path }) =>
      !decisions.some(
        (decided) =>
          decided.table === table &&
          (decided.path === path || (decided.kind === 'approve' && path.startsWith(`${decided.path}/`))),
      ),
  );
  return { ...figures, approvals, total: figures.total - (figures.approvals.length - approvals.length) };
}
