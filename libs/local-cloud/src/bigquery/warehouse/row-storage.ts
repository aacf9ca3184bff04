import type { DuckDBConnection } from '@duckdb/node-api';
import { BigqueryError, messageOf } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import type { Field } from '../rules/field-schema.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import { type Catalog, StaleRead, storeEntry, type TableEntry } from './catalog.js';
import type { ChangeLog } from './change-log.js';
import { type Database, ROWS_SCHEMA } from './database.js';
import { quoteName } from './duckdb-types.js';
import {
  changePhysical,
  convertedColumns,
  costOfChange,
  createPhysical,
  nextPhysical,
  physicalName,
} from './physical-tables.js';
import { stamped, storedFields } from './ingestion-time.js';
import { ReadGate } from './read-gate.js';
import { RecentImage } from './recent-image.js';
import { appendRows } from './row-store.js';
import { decodeRow } from './row-text.js';

/** Recent rows of a table that are moved into its DuckDB table at once; several times as many if that means rewriting. */
const MAX_RECENT_ROWS = 5_000;
const MAX_RECENT_BYTES = 8 * 1024 * 1024;
const REWRITE_FACTOR = 8;

/** A load costs time per column too, so that wide tables gather more rows: this many per column. */
const RECENT_ROWS_PER_COLUMN = 25;

/** Recent rows that a quiet table may keep: a DuckDB table of few rows costs more memory than they do. */
const MAX_QUIET_ROWS = 500;
const QUIET_MS = 3_000;

/** Recent rows of a table, in characters, beyond which appends are refused while they cannot be moved. */
const MAX_UNSETTLED_CHARACTERS = 256 * 1024 * 1024;
/** Time between two attempts of a full table whose rows cannot be moved. */
const SETTLE_RETRY_MS = 1_000;

/** A table is not rewritten in the background again before this many times the duration of the last time. */
const REWRITE_PAUSE_FACTOR = 20;

/** A table as a query reads it, with what has to hold when it runs. */
export interface TableRead {
  readonly sql: string;
  readonly table: TableName;
  readonly generation: number;
  readonly fields: readonly Field[];
  readonly image: RecentImage | undefined;
}

interface TableState {
  readonly gate: ReadGate;
  recent: string[];
  recentBytes: number;
  /** Changes whenever rows move between the stores. */
  generation: number;
  /** Changes whenever rows move, or a statement changes those in DuckDB. */
  changes: number;
  /** Rows in DuckDB, if they have been counted since. */
  settledRows: number | undefined;
  image: RecentImage | undefined;
  outdated: RecentImage[];
  timer: NodeJS.Timeout | undefined;
  nextRewriteMs: number;
  /** A full table is not moved before this time, because the last attempt failed. */
  nextSettleMs: number;
}

/** A bulk load of rows into a DuckDB table; `release` frees what it has prepared, also after a failure. */
interface BulkLoad {
  readonly into: (connection: DuckDBConnection, physical: string) => Promise<void>;
  readonly release: () => void;
}

interface RowStorageHooks {
  readonly now: () => number;
  /** Runs a task in a table's write queue. */
  readonly inWriteQueue: <T>(name: TableName, task: () => Promise<T>) => Promise<T>;
  /** DuckDB has everything of this table. */
  readonly onSettled: (key: string) => void;
}

/**
 * The rows of all tables. Recent ones are text in memory and in the change log; the others are in a DuckDB table per
 * table, whose columns may be those of an earlier schema.
 *
 * So a row costs as little as its own values whatever the number of columns, and a change of schema touches no row:
 * queries read both stores under the present schema. DuckDB takes rows in bulk: 0.05 s for one row of 200 columns, and
 * about the same for a thousand.
 */
export class RowStorage {
  readonly #states = new Map<string, TableState>();
  /** Columns that each DuckDB table has. */
  readonly #columns = new Map<string, readonly Field[]>();
  /** When rows of a table last changed, by its key; rows of before the start changed then at the latest. */
  readonly #changedMs = new Map<string, number>();
  readonly #openedMs: number;
  readonly #counting = new Set<string>();
  #counts: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #moves = 0;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly log: ChangeLog,
    private readonly hooks: RowStorageHooks,
  ) {
    this.#openedMs = hooks.now();
  }

  /** True while rows are between the stores: the log must not be rewritten then. */
  get isMoving(): boolean {
    return this.#moves > 0;
  }

  /** Records which columns a DuckDB table has. */
  noteColumns(physical: string, fields: readonly Field[]): void {
    if (physical !== '') this.#columns.set(physical, fields);
  }

  /** Records that a statement has changed rows of the table now. */
  touch(name: TableName): void {
    const key = tableKey(name);
    this.#changedMs.set(key, this.hooks.now());
    const state = this.#states.get(key);
    if (state === undefined) return;
    state.changes += 1;
    state.settledRows = undefined;
  }

  /** Time of the last change of the table's rows, if there was one since the start; else of its creation. */
  changedMs({ createdMs, name }: TableEntry): number {
    return this.#changedMs.get(tableKey(name)) ?? createdMs;
  }

  /** The time from which on the table has its present rows; milliseconds. */
  rowsSince({ createdMs, name }: TableEntry): number {
    return Math.max(createdMs, this.#changedMs.get(tableKey(name)) ?? this.#openedMs);
  }

  /** Puts rows back that the change log held. */
  restore(key: string, texts: readonly string[]): void {
    this.#remember(this.#state(key), texts);
  }

  /**
   * Stores encoded rows; resolves when they are durable. Runs in the table's write queue.
   *
   * Errors: 503 `backendError`, with nothing stored, while too many rows wait for memory of the database.
   */
  async append(entry: TableEntry, rows: readonly string[]): Promise<void> {
    const key = tableKey(entry.name);
    const state = this.#state(key);
    if (state.recentBytes > MAX_UNSETTLED_CHARACTERS && !(await this.#settleFull(entry.name, state)))
      throw new BigqueryError({
        reason: 'backendError',
        message: `The database has no memory for more rows of ${key}: retry the request.`,
      });
    const texts = stamped(entry, rows, this.hooks.now());
    this.#changedMs.set(key, this.hooks.now());
    const durable = this.log.rows(key, texts);
    this.#remember(state, texts);
    await durable;
    const factor = this.#cost(entry) === 'rewrite' ? REWRITE_FACTOR : 1;
    const maxRows = Math.max(MAX_RECENT_ROWS, entry.fields.length * RECENT_ROWS_PER_COLUMN);
    const isFull = state.recent.length >= maxRows * factor || state.recentBytes >= MAX_RECENT_BYTES * factor;
    if (!isFull || !(await this.#settleFull(entry.name, state))) this.#awaitQuiet(entry.name, state);
  }

  /** Moves a full table's rows, if that is possible now; true if they are moved. They are durable in either case. */
  async #settleFull(name: TableName, state: TableState): Promise<boolean> {
    if (performance.now() < state.nextSettleMs) return false;
    try {
      await this.settle(name);
      return true;
    } catch (error) {
      state.nextSettleMs = performance.now() + SETTLE_RETRY_MS;
      reportUnsettled(name, error);
      return false;
    }
  }

  /**
   * Stores encoded rows all or none: many of them in DuckDB at once, together with the recent ones. Runs in the table's
   * write queue.
   */
  async load(entry: TableEntry, texts: readonly string[]): Promise<void> {
    const bytes = texts.reduce((sum, text) => sum + text.length, 0);
    this.#changedMs.set(tableKey(entry.name), this.hooks.now());
    if (bytes < MAX_RECENT_BYTES) await this.append(entry, texts);
    else await this.#settle(entry, stamped(entry, texts, this.hooks.now()));
  }

  /** Fills a new DuckDB table with encoded rows. */
  async fill(connection: DuckDBConnection, entry: TableEntry, texts: readonly string[]): Promise<void> {
    const load = await this.#prepareLoad(storedFields(entry), stamped(entry, texts, this.hooks.now()));
    await load.into(connection, entry.physical).finally(load.release);
  }

  /** A change of schema needs no work now; the DuckDB table follows when the table is quiet. */
  schemaChanged(entry: TableEntry): void {
    if (entry.physical !== '') this.#awaitQuiet(entry.name, this.#state(tableKey(entry.name)));
  }

  /** SQL that reads the columns `fields` of a table. Runs only inside {@link reading}. */
  read(entry: TableEntry, fields: readonly Field[]): TableRead {
    const state = this.#state(tableKey(entry.name));
    const schema = this.#schemaOf(entry);
    const columns = this.#columns.get(entry.physical);
    const image =
      state.recent.length > 0 || columns === undefined ? this.#image(state, schema, fields) : undefined;
    const parts = [
      ...(columns === undefined ? [] : [this.#settledSql(entry, columns, schema, fields)]),
      ...(image === undefined ? [] : [{ sql: image.sqlName, list: names(fields) }]),
    ];
    const [only] = parts;
    const sql =
      parts.length === 1 && only !== undefined && only.list === names(fields)
        ? only.sql
        : `(${parts.map((part) => `SELECT ${part.list} FROM ${part.sql}`).join(' UNION ALL ')})`;
    return { sql, table: entry.name, generation: state.generation, fields: schema, image };
  }

  /**
   * Runs a query over tables that were bound by {@link read}.
   *
   * Errors: {@link StaleRead} when a table has changed since; the caller binds again.
   */
  reading<T>(reads: readonly TableRead[], task: () => Promise<T>): Promise<T> {
    const states = reads.map((read) => this.#state(tableKey(read.table)));
    const check = (): void => {
      reads.forEach((read, index) => {
        const entry = this.catalog.table(read.table);
        const isCurrent =
          entry !== undefined &&
          storedFields(entry) === read.fields &&
          states[index]?.generation === read.generation &&
          (read.image !== undefined || states[index].recent.length === 0);
        if (!isCurrent) throw new StaleRead();
      });
    };
    const gates = [...new Set(states.map((state) => state.gate))];
    return ReadGate.enter(gates, check, async () => {
      for (const [index, read] of reads.entries())
        await read.image?.fill(this.database, states[index]?.recent ?? []);
      return task();
    }).finally(() => {
      for (const state of states) this.#dropOutdated(state);
    });
  }

  /** Number of rows. Errors: {@link StaleRead} when rows moved meanwhile; the caller asks again. */
  async count(entry: TableEntry): Promise<bigint> {
    const known = this.#knownCount(entry);
    if (known !== undefined) return BigInt(known);
    const state = this.#state(tableKey(entry.name));
    const { changes } = state;
    const sql = `SELECT count(*) FROM ${physicalName(entry.physical)}`;
    const settled = await this.database.use(async (connection) =>
      Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? 0),
    );
    if (state.changes !== changes) throw new StaleRead();
    state.settledRows = settled;
    return BigInt(settled + state.recent.length);
  }

  /** Number of rows, if it is known without a query; else it will be known soon. */
  knownCount(entry: TableEntry): number | undefined {
    const known = this.#knownCount(entry);
    if (known === undefined) this.#countLater(entry.name);
    return known;
  }

  #knownCount(entry: TableEntry): number | undefined {
    const state = this.#states.get(tableKey(entry.name));
    const settled = this.#columns.has(entry.physical) ? state?.settledRows : 0;
    return settled === undefined ? undefined : settled + (state?.recent.length ?? 0);
  }

  /** Counts one table after the other, so that the next view of all of them need not. */
  #countLater(name: TableName): void {
    const key = tableKey(name);
    if (this.#counting.has(key)) return;
    this.#counting.add(key);
    const count = async (): Promise<void> => {
      const entry = this.#isClosed ? undefined : this.catalog.table(name);
      if (entry !== undefined) await this.count(entry);
    };
    this.#counts = this.#counts
      .then(count)
      .catch(() => undefined)
      .finally(() => this.#counting.delete(key));
  }

  /**
   * Moves all rows into one DuckDB table with the present columns, `entry.physical` of the entry that it returns; for
   * statements that change rows in place. Runs in the table's write queue.
   */
  async settle(name: TableName): Promise<TableEntry> {
    const entry = this.catalog.requireTable(name);
    const state = this.#state(tableKey(name));
    if (entry.kind === 'VIEW' || entry.fields.length === 0) return entry;
    if (state.recent.length === 0 && this.#columns.has(entry.physical) && this.#cost(entry) === 'none')
      return entry;
    return this.#settle(entry, []);
  }

  async #settle(entry: TableEntry, added: readonly string[]): Promise<TableEntry> {
    const state = this.#state(tableKey(entry.name));
    const startedMs = performance.now();
    const wasRewritten = this.#cost(entry) === 'rewrite';
    this.#moves += 1;
    const settled = await state.gate
      .alone(() => this.#move(entry, state, added))
      .finally(() => {
        this.#moves -= 1;
      });
    this.hooks.onSettled(tableKey(entry.name));
    const endedMs = performance.now();
    if (wasRewritten) state.nextRewriteMs = endedMs + (endedMs - startedMs) * REWRITE_PAUSE_FACTOR;
    return settled;
  }

  /** Forgets a table's recent rows: it was dropped, replaced or emptied. Inside the write queue. */
  forget(name: TableName): void {
    const state = this.#states.get(tableKey(name));
    if (state === undefined) return;
    this.#clear(state);
    clearTimeout(state.timer);
    this.#dropOutdated(state);
  }

  /** Changes that only the log has, for its compaction. */
  *live(): Generator<{ readonly key: string; readonly texts: readonly string[] }> {
    for (const [key, state] of this.#states) if (state.recent.length > 0) yield { key, texts: state.recent };
  }

  /** Resolves when nothing of this class uses the database in the background. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const state of this.#states.values()) clearTimeout(state.timer);
    await this.#counts;
  }

  async #move(entry: TableEntry, state: TableState, added: readonly string[]): Promise<TableEntry> {
    const texts = added.length === 0 ? state.recent : [...state.recent, ...added];
    const load = await this.#prepareLoad(storedFields(entry), texts);
    const move = async (connection: DuckDBConnection): Promise<TableEntry> => {
      const physical = await this.#upToDate(connection, entry);
      await load.into(connection, physical);
      const next: TableEntry = { ...entry, physical };
      await storeEntry(connection, 'table', tableKey(entry.name), next, this.log.last);
      return next;
    };
    const rowsBefore = this.#columns.has(entry.physical) ? state.settledRows : 0;
    const settled = await this.database.transaction(move).finally(load.release);
    if (settled.physical !== entry.physical) this.#columns.delete(entry.physical);
    this.noteColumns(settled.physical, storedFields(settled));
    this.catalog.putTable(settled);
    this.#clear(state);
    state.settledRows = rowsBefore === undefined ? undefined : rowsBefore + texts.length;
    return settled;
  }

  /**
   * Prepares the bulk load of recent rows. Rows of a wide table that use few of its columns go through a table in memory
   * that has these alone, because DuckDB's appender takes every cell, and NULLs cost as much as values.
   */
  async #prepareLoad(fields: readonly Field[], texts: readonly string[]): Promise<BulkLoad> {
    const nothing = (): void => undefined;
    if (texts.length === 0) return { into: () => Promise.resolve(), release: nothing };
    const used = usedFields(texts, fields);
    if (used.length === 0 || used.length * 2 > fields.length)
      return {
        into: (connection, physical) =>
          appendRows(connection, { table: physical, schema: ROWS_SCHEMA }, fields, decoded(texts, fields)),
        release: nothing,
      };
    const staged = new RecentImage(fields, used);
    await staged.fill(this.database, texts);
    const empty = fields.filter((field) => field.mode === 'REPEATED' && !used.includes(field));
    const values = [names(used), ...empty.map(() => '[]')].join(', ');
    return {
      into: async (connection, physical) => {
        await connection.run(
          `INSERT INTO ${physicalName(physical)} (${names([...used, ...empty])}) SELECT ${values} FROM ${staged.sqlName}`,
        );
      },
      release: () => void staged.drop(this.database).catch(() => undefined),
    };
  }

  async #upToDate(connection: Parameters<typeof createPhysical>[0], entry: TableEntry): Promise<string> {
    const columns = this.#columns.get(entry.physical);
    if (columns !== undefined)
      return changePhysical(connection, entry.physical, columns, storedFields(entry));
    const physical = await nextPhysical(connection);
    await createPhysical(connection, physical, storedFields(entry));
    return physical;
  }

  #settledSql(
    entry: TableEntry,
    columns: readonly Field[],
    schema: readonly Field[],
    fields: readonly Field[],
  ): { readonly sql: string; readonly list: string } {
    const sql = physicalName(entry.physical);
    if (columns === schema || costOfChange(columns, schema) === 'none') return { sql, list: names(fields) };
    const values = convertedColumns(columns, schema, fields);
    const list = fields.map((field, index) => `${values[index] ?? 'NULL'} AS ${quoteName(field.name)}`);
    return { sql, list: list.join(', ') };
  }

  #image(state: TableState, schema: readonly Field[], fields: readonly Field[]): RecentImage {
    const present = state.image;
    if (present?.schema === schema && present.covers(fields)) return present;
    if (present !== undefined) state.outdated.push(present);
    const before = present?.schema === schema ? present.fields : [];
    const wanted = schema.filter((field) => fields.includes(field) || before.includes(field));
    state.image = new RecentImage(schema, wanted);
    return state.image;
  }

  /** The table's whole schema: `entry` may be a copy with the columns that a statement needs. */
  #schemaOf(entry: TableEntry): readonly Field[] {
    return storedFields(this.catalog.table(entry.name) ?? entry);
  }

  #cost(entry: TableEntry): 'none' | 'alter' | 'rewrite' {
    const columns = this.#columns.get(entry.physical);
    return columns === undefined ? 'none' : costOfChange(columns, storedFields(entry));
  }

  #state(key: string): TableState {
    const present = this.#states.get(key);
    if (present !== undefined) return present;
    const state: TableState = {
      gate: new ReadGate(),
      recent: [],
      recentBytes: 0,
      generation: 0,
      changes: 0,
      settledRows: undefined,
      image: undefined,
      outdated: [],
      timer: undefined,
      nextRewriteMs: 0,
      nextSettleMs: 0,
    };
    this.#states.set(key, state);
    return state;
  }

  #remember(state: TableState, texts: readonly string[]): void {
    for (const text of texts) {
      state.recent.push(text);
      state.recentBytes += text.length;
    }
  }

  #clear(state: TableState): void {
    state.recent = [];
    state.recentBytes = 0;
    state.generation += 1;
    state.changes += 1;
    state.settledRows = undefined;
    if (state.image !== undefined) state.outdated.push(state.image);
    state.image = undefined;
  }

  #dropOutdated(state: TableState): void {
    if (!state.gate.isIdle || this.#isClosed) return;
    for (const image of state.outdated.splice(0)) void image.drop(this.database).catch(() => undefined);
  }

  #awaitQuiet(name: TableName, state: TableState): void {
    clearTimeout(state.timer);
    if (this.#isClosed) return;
    state.timer = setTimeout(() => {
      this.#settleIfWorthwhile(name, state);
    }, QUIET_MS);
    state.timer.unref();
  }

  #settleIfWorthwhile(name: TableName, state: TableState): void {
    const entry = this.catalog.table(name);
    if (entry === undefined || this.#isClosed) return;
    const isSettled = this.#columns.has(entry.physical);
    if (!isSettled && state.recent.length <= MAX_QUIET_ROWS) return;
    if (isSettled && state.recent.length === 0 && this.#cost(entry) === 'none') return;
    if (!state.gate.isIdle || (this.#cost(entry) === 'rewrite' && performance.now() < state.nextRewriteMs)) {
      this.#awaitQuiet(name, state);
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

function names(fields: readonly Field[]): string {
  return fields.map((field) => quoteName(field.name)).join(', ');
}

/** Columns that any of the rows has a value for. */
function usedFields(texts: readonly string[], fields: readonly Field[]): Field[] {
  const used = new Set<string>();
  for (const text of texts) for (const name of Object.keys(JSON.parse(text) as object)) used.add(name);
  return fields.filter((field) => used.has(field.name));
}

function* decoded(texts: readonly string[], fields: readonly Field[]): Generator<Cell[]> {
  for (const text of texts) yield decodeRow(text, fields);
}
