import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../rules/api-error.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import { prepareLoad } from './bulk-load.js';
import { type Catalog, storeEntry, type TableEntry } from './catalog.js';
import type { ChangeLog } from './change-log.js';
import type { Database } from './database.js';
import { storedFields } from './ingestion-time.js';
import { changePhysical, createPhysical, nextPhysical } from './physical-tables.js';
import type { StoredTables, TableRows } from './table-rows.js';

/** Recent rows that a quiet table may keep: a DuckDB table of few rows costs more memory than they do. */
const MAX_QUIET_ROWS = 500;
const QUIET_MS = 3_000;

/** Time between two attempts of a full table whose rows cannot be moved. */
const SETTLE_RETRY_MS = 1_000;

/** A table is not rewritten in the background again before this many times the duration of the last time. */
const REWRITE_PAUSE_FACTOR = 20;

export interface SettlerHooks {
  /** Runs a task in a table's write queue. */
  readonly inWriteQueue: <T>(name: TableName, task: () => Promise<T>) => Promise<T>;
  /** DuckDB has everything of this table. */
  readonly onSettled: (key: string) => void;
}

interface Pace {
  timer: NodeJS.Timeout | undefined;
  nextRewriteMs: number;
  /** A full table is not moved before this time, because the last attempt failed. */
  nextSettleMs: number;
}

/** Moves recent rows into the DuckDB tables: at once when asked to, and when a table is quiet. */
export class RowSettler {
  readonly #paces = new WeakMap<TableRows, Pace>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;
  #moves = 0;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly log: ChangeLog,
    private readonly tables: StoredTables,
    private readonly hooks: SettlerHooks,
  ) {}

  /** True while rows are between the stores: the log must not be rewritten then. */
  get isMoving(): boolean {
    return this.#moves > 0;
  }

  /** Moves all rows into one DuckDB table with the present columns; runs in the table's write queue. */
  async settle(name: TableName): Promise<TableEntry> {
    const entry = this.catalog.requireTable(name);
    const rows = this.tables.of(tableKey(name));
    if (entry.kind === 'VIEW' || entry.fields.length === 0) return entry;
    const isSettled = rows.recent.length === 0 && this.tables.columns(entry) !== undefined;
    if (isSettled && this.tables.cost(entry) === 'none') return entry;
    return this.settleWith(entry, []);
  }

  /** Moves all rows, and `added` with them. */
  async settleWith(entry: TableEntry, added: readonly string[]): Promise<TableEntry> {
    const rows = this.tables.of(tableKey(entry.name));
    const startedMs = performance.now();
    const wasRewritten = this.tables.cost(entry) === 'rewrite';
    this.#moves += 1;
    const settled = await rows.gate
      .alone(() => this.#move(entry, rows, added))
      .finally(() => {
        this.#moves -= 1;
      });
    this.hooks.onSettled(tableKey(entry.name));
    const endedMs = performance.now();
    if (wasRewritten) this.#pace(rows).nextRewriteMs = endedMs + (endedMs - startedMs) * REWRITE_PAUSE_FACTOR;
    return settled;
  }

  /** Moves a full table's rows, if that is possible now; true if they are moved. They are durable in either case. */
  async settleFull(name: TableName): Promise<boolean> {
    const pace = this.#pace(this.tables.of(tableKey(name)));
    if (performance.now() < pace.nextSettleMs) return false;
    try {
      await this.settle(name);
      return true;
    } catch (error) {
      pace.nextSettleMs = performance.now() + SETTLE_RETRY_MS;
      reportUnsettled(name, error);
      return false;
    }
  }

  /** Settles the table when it has been quiet for a while, if that is worthwhile. */
  awaitQuiet(name: TableName): void {
    const rows = this.tables.of(tableKey(name));
    this.cancel(rows);
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#settleIfWorthwhile(name, rows);
    }, QUIET_MS).unref();
    this.#timers.add(timer);
    this.#pace(rows).timer = timer;
  }

  /** Takes back {@link awaitQuiet}. */
  cancel(rows: TableRows): void {
    const { timer } = this.#pace(rows);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#timers.delete(timer);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #pace(rows: TableRows): Pace {
    const pace = this.#paces.get(rows) ?? { timer: undefined, nextRewriteMs: 0, nextSettleMs: 0 };
    this.#paces.set(rows, pace);
    return pace;
  }

  async #move(entry: TableEntry, rows: TableRows, added: readonly string[]): Promise<TableEntry> {
    const texts = added.length === 0 ? rows.recent : [...rows.recent, ...added];
    const load = await prepareLoad(this.database, storedFields(entry), texts);
    const move = async (connection: DuckDBConnection): Promise<TableEntry> => {
      const physical = await this.#upToDate(connection, entry);
      await load.into(connection, physical);
      const next: TableEntry = { ...entry, physical };
      await storeEntry(connection, 'table', tableKey(entry.name), next, this.log.last);
      return next;
    };
    const rowsBefore = this.tables.columns(entry) === undefined ? 0 : rows.settledRows;
    const settled = await this.database.transaction(move).finally(load.release);
    if (settled.physical !== entry.physical) this.tables.forgetColumns(entry.physical);
    this.tables.noteColumns(settled.physical, storedFields(settled));
    this.catalog.putTable(settled);
    rows.clear();
    rows.settledRows = rowsBefore === undefined ? undefined : rowsBefore + texts.length;
    return settled;
  }

  async #upToDate(connection: DuckDBConnection, entry: TableEntry): Promise<string> {
    const columns = this.tables.columns(entry);
    if (columns !== undefined)
      return changePhysical(connection, entry.physical, columns, storedFields(entry));
    const physical = await nextPhysical(connection);
    await createPhysical(connection, physical, storedFields(entry));
    return physical;
  }

  #settleIfWorthwhile(name: TableName, rows: TableRows): void {
    const entry = this.catalog.table(name);
    if (entry === undefined || this.#isClosed) return;
    const isSettled = this.tables.columns(entry) !== undefined;
    const cost = this.tables.cost(entry);
    if (!isSettled && rows.recent.length <= MAX_QUIET_ROWS) return;
    if (isSettled && rows.recent.length === 0 && cost === 'none') return;
    const isTooSoon = cost === 'rewrite' && performance.now() < this.#pace(rows).nextRewriteMs;
    if (!rows.gate.isIdle || isTooSoon) {
      this.awaitQuiet(name);
      return;
    }
    void this.hooks
      .inWriteQueue(name, () => this.settle(name))
      .catch((error: unknown) => {
        // Both stores are as they were; the rows remain readable and the next quiet moment tries again.
        if (!this.#isClosed) reportUnsettled(name, error);
      });
  }
}

function reportUnsettled(name: TableName, error: unknown): void {
  console.error(`${tableKey(name)} could not be settled: ${messageOf(error)}`);
}
