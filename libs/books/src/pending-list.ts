import { setTimeout } from 'node:timers/promises';
import { CloudError, type Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { listContractTables } from './event-tables.js';
import { pendingApprovals, type PendingApprovals } from './pending-approvals.js';
import { joinPending, pendingTypes } from './pending-types.js';

/** Bytes that one approval of a table would process; both figures are null if unknown, with the reason. */
export interface PendingCost {
  readonly table: string;
  readonly days: number | null;
  readonly bytes: number | null;
  readonly unknown: string | null;
}

export interface PendingListOptions {
  readonly sql: Sql;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  /** Estimates what an approval costs in each of some tables. Never fails. */
  readonly estimate: (tables: readonly string[]) => Promise<readonly PendingCost[]>;
  /** Age from which an answer is read again, in milliseconds; ten times what reading took, if that is longer. */
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

/** Longest wait of a reader for an old list that is read again. */
const PATIENCE_MS = 30;
/** A short list that was read in this time, as on a laptop, is waited for so long. */
const QUICK_MS = 1_000;
const SHORT_LIST = 100;
const SHARE_OF_TIME = 10;

type PendingFigures = Omit<PendingAnswer, 'ageSeconds' | 'failure'>;

/**
 * Keeps the changes and event types that wait for an approval in memory, at most 10,000, so that readers are answered at once.
 *
 * A list that is older than `maxAgeMs` is read again: the reader gets it if it is short and quick to read, else the last one with its age. Nothing is
 * read while no one asks.
 * Readers wait only for the first list, or if they ask for a fresh one. Decisions of this process leave the list at once. Readers share one
 * read; a failure is shown beside the last figures.
 */
export class PendingList {
  #last: PendingFigures | null = null;
  #failure: PendingAnswer['failure'] = null;
  #warming: Promise<void> | null = null;
  #reading: Promise<PendingFigures> | null = null;
  #next: Promise<PendingFigures> | null = null;
  #durationMs = 0;
  #decisions: Decision[] = [];

  constructor(private readonly options: PendingListOptions) {}

  /**
   * Reads the first list in the background, unless it would bill more than this: then the first reader waits for it. The next
   * reader sees a failure.
   */
  warm(maximumBytesBilled: number): void {
    this.#warming ??= this.#read(maximumBytesBilled).then(
      () => undefined,
      () => {
        this.#failure = null;
      },
    );
  }

  /** Reads the list again in the background if there is one: something is known to have changed. */
  refresh(): void {
    if (this.#last !== null) this.#freshly().catch(() => undefined);
  }

  /** @param fresh wait for figures that are read after this call; @throws CloudError if there are none to give */
  async read({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<PendingAnswer> {
    if (fresh) return this.#answer(await this.#freshly());
    if (this.#last === null) await this.#warming;
    const last = this.#last;
    if (last === null) return this.#answer(await this.#begin());
    if (Date.now() - Date.parse(last.readAt) < this.#maxAgeMs()) return this.#answer(last);
    const isQuick = last.approvals.length <= SHORT_LIST && this.#durationMs <= QUICK_MS;
    const patienceMs = isQuick ? QUICK_MS : PATIENCE_MS;
    await Promise.race([this.#begin().catch(() => undefined), setTimeout(patienceMs)]);
    return this.#answer(this.#last ?? last);
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

  #begin(): Promise<PendingFigures> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(maximumBytesBilled?: number): Promise<PendingFigures> {
    const { sql, readSchema, estimate } = this.options;
    const billing = maximumBytesBilled === undefined ? {} : { maximumBytesBilled };
    const startedAtMs = Date.now();
    try {
      const tables = await listContractTables(sql);
      const types = await pendingTypes(sql, billing);
      const changes = await pendingApprovals(sql, tables, { readSchema, ...billing });
      const listed = joinPending(types, changes);
      const costs = await estimate([...new Set(changes.approvals.map(({ table }) => table))]);
      this.#decisions = this.#decisions.filter(({ atMs }) => atMs >= startedAtMs);
      this.#failure = null;
      this.#durationMs = Date.now() - startedAtMs;
      this.#last = without(
        { readAt: new Date(startedAtMs).toISOString(), ...listed, costs },
        this.#decisions,
      );
      return this.#last;
    } catch (cause) {
      const { code, message } = CloudError.from(cause);
      this.#failure = { code, message };
      throw cause;
    }
  }

  /** A list that takes long to read is read less often, so that reading it takes a tenth of the time at most. */
  #maxAgeMs(): number {
    return Math.max(this.options.maxAgeMs, SHARE_OF_TIME * this.#durationMs);
  }

  #answer(figures: PendingFigures): PendingAnswer {
    const ageSeconds = Math.max(0, Math.round((Date.now() - Date.parse(figures.readAt)) / 1_000));
    return { ...figures, ageSeconds, failure: this.#failure };
  }
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
