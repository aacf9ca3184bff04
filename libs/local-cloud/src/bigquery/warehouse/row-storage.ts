import { BigqueryError } from '../rules/api-error.js';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Field } from '../rules/field-schema.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import { prepareLoad } from './bulk-load.js';
import { type Catalog, StaleRead, type TableEntry } from './catalog.js';
import type { ChangeLog } from './change-log.js';
import type { Database } from './database.js';
import { quoteName, quoteNames } from './duckdb-types.js';
import { stamped, storedFields } from './ingestion-time.js';
import { convertedColumns, costOfChange, physicalName } from './physical-tables.js';
import { ReadGate } from './read-gate.js';
import type { RecentImage } from './recent-image.js';
import { RowCounter } from './row-counter.js';
import { RowSettler, type SettlerHooks } from './row-settler.js';
import { StoredTables } from './table-rows.js';

/** Recent rows of a table that are moved into its DuckDB table at once; several times as many if that means rewriting. */
const MAX_RECENT_ROWS = 5_000;
const MAX_RECENT_BYTES = 8 * 1024 * 1024;
const REWRITE_FACTOR = 8;

/** A load costs time per column too, so that wide tables gather more rows: this many per column. */
const RECENT_ROWS_PER_COLUMN = 25;

/** Recent rows of a table, in characters, beyond which appends are refused while they cannot be moved. */
const MAX_UNSETTLED_CHARACTERS = 256 * 1024 * 1024;

/** A table as a query reads it, with what has to hold when it runs. */
export interface TableRead {
  readonly sql: string;
  readonly table: TableName;
  readonly generation: number;
  readonly fields: readonly Field[];
  readonly image: RecentImage | undefined;
}

interface RowStorageHooks extends SettlerHooks {
  readonly now: () => number;
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
  readonly #tables = new StoredTables();
  readonly #settler: RowSettler;
  readonly #counter: RowCounter;
  /** When rows of a table last changed, by its key; rows of before the start changed then at the latest. */
  readonly #changedMs = new Map<string, number>();
  readonly #openedMs: number;
  #isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly log: ChangeLog,
    private readonly hooks: RowStorageHooks,
  ) {
    this.#openedMs = hooks.now();
    this.#settler = new RowSettler(database, catalog, log, this.#tables, hooks);
    this.#counter = new RowCounter(database, catalog, this.#tables);
  }

  /** True while rows are between the stores: the log must not be rewritten then. */
  get isMoving(): boolean {
    return this.#settler.isMoving;
  }

  /** Records which columns a DuckDB table has. */
  noteColumns(physical: string, fields: readonly Field[]): void {
    this.#tables.noteColumns(physical, fields);
  }

  /** Records that a statement has changed rows of the table now. */
  touch(name: TableName): void {
    const key = tableKey(name);
    this.#changedMs.set(key, this.hooks.now());
    this.#tables.find(key)?.changedInPlace();
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
    this.#tables.of(key).remember(texts);
  }

  /**
   * Stores encoded rows; resolves when they are durable. Runs in the table's write queue.
   *
   * Errors: 503 `backendError`, with nothing stored, while too many rows wait for memory of the database.
   */
  async append(entry: TableEntry, texts: readonly string[]): Promise<void> {
    const key = tableKey(entry.name);
    const rows = this.#tables.of(key);
    if (rows.recentBytes > MAX_UNSETTLED_CHARACTERS && !(await this.#settler.settleFull(entry.name)))
      throw new BigqueryError({
        reason: 'backendError',
        message: `The database has no memory for more rows of ${key}: retry the request.`,
      });
    const stampedTexts = stamped(entry, texts, this.hooks.now());
    this.#changedMs.set(key, this.hooks.now());
    const durable = this.log.rows(key, stampedTexts);
    rows.remember(stampedTexts);
    await durable;
    const factor = this.#tables.cost(entry) === 'rewrite' ? REWRITE_FACTOR : 1;
    const maxRows = Math.max(MAX_RECENT_ROWS, entry.fields.length * RECENT_ROWS_PER_COLUMN);
    const isFull = rows.recent.length >= maxRows * factor || rows.recentBytes >= MAX_RECENT_BYTES * factor;
    if (!isFull || !(await this.#settler.settleFull(entry.name))) this.#settler.awaitQuiet(entry.name);
  }

  /**
   * Stores encoded rows all or none: many of them in DuckDB at once, together with the recent ones. Runs in the table's
   * write queue.
   */
  async load(entry: TableEntry, texts: readonly string[]): Promise<void> {
    const bytes = texts.reduce((sum, text) => sum + text.length, 0);
    this.#changedMs.set(tableKey(entry.name), this.hooks.now());
    if (bytes < MAX_RECENT_BYTES) await this.append(entry, texts);
    else await this.#settler.settleWith(entry, stamped(entry, texts, this.hooks.now()));
  }

  /** Fills a new DuckDB table with encoded rows. */
  async fill(connection: DuckDBConnection, entry: TableEntry, texts: readonly string[]): Promise<void> {
    const load = await prepareLoad(
      this.database,
      storedFields(entry),
      stamped(entry, texts, this.hooks.now()),
    );
    await load.into(connection, entry.physical).finally(load.release);
  }

  /** A change of schema needs no work now; the DuckDB table follows when the table is quiet. */
  schemaChanged(entry: TableEntry): void {
    if (entry.physical !== '') this.#settler.awaitQuiet(entry.name);
  }

  /** SQL that reads the columns `fields` of a table. Runs only inside {@link reading}. */
  read(entry: TableEntry, fields: readonly Field[]): TableRead {
    const rows = this.#tables.of(tableKey(entry.name));
    const schema = this.#schemaOf(entry);
    const columns = this.#tables.columns(entry);
    const image = rows.recent.length > 0 || columns === undefined ? rows.image(schema, fields) : undefined;
    const parts = [
      ...(columns === undefined ? [] : [settledSql(entry, columns, schema, fields)]),
      ...(image === undefined ? [] : [{ sql: image.sqlName, list: quoteNames(fields) }]),
    ];
    const [only] = parts;
    const sql =
      parts.length === 1 && only !== undefined && only.list === quoteNames(fields)
        ? only.sql
        : `(${parts.map((part) => `SELECT ${part.list} FROM ${part.sql}`).join(' UNION ALL ')})`;
    return { sql, table: entry.name, generation: rows.generation, fields: schema, image };
  }

  /**
   * Runs a query over tables that were bound by {@link read}.
   *
   * Errors: {@link StaleRead} when a table has changed since; the caller binds again.
   */
  reading<T>(reads: readonly TableRead[], task: () => Promise<T>): Promise<T> {
    const tables = reads.map((read) => this.#tables.of(tableKey(read.table)));
    const check = (): void => {
      reads.forEach((read, index) => {
        const entry = this.catalog.table(read.table);
        const isCurrent =
          entry !== undefined &&
          storedFields(entry) === read.fields &&
          tables[index]?.generation === read.generation &&
          (read.image === undefined ? tables[index].recent.length === 0 : !read.image.isDropped);
        if (!isCurrent) throw new StaleRead();
      });
    };
    const gates = [...new Set(tables.map(({ gate }) => gate))];
    return ReadGate.enter(gates, check, async () => {
      for (const [index, read] of reads.entries())
        await read.image?.fill(this.database, tables[index]?.recent ?? []);
      return task();
    }).finally(() => {
      if (!this.#isClosed) for (const rows of tables) rows.releaseImages(this.database);
    });
  }

  /** Number of rows. Errors: {@link StaleRead} when rows moved meanwhile; the caller asks again. */
  count(entry: TableEntry): Promise<bigint> {
    return this.#counter.count(entry);
  }

  /** Number of rows, if it is known without a query; else it will be known soon. */
  knownCount(entry: TableEntry): number | undefined {
    return this.#counter.knownCount(entry);
  }

  /**
   * Moves all rows into one DuckDB table with the present columns, `entry.physical` of the entry that it returns; for
   * statements that change rows in place. Runs in the table's write queue.
   */
  settle(name: TableName): Promise<TableEntry> {
    return this.#settler.settle(name);
  }

  /** Forgets a table's recent rows: it was dropped, replaced or emptied. Inside the write queue. */
  forget(name: TableName): void {
    const rows = this.#tables.find(tableKey(name));
    if (rows === undefined) return;
    rows.clear();
    this.#settler.cancel(rows);
    if (!this.#isClosed) rows.releaseImages(this.database);
  }

  /** Changes that only the log has, for its compaction. */
  *live(): Generator<{ readonly key: string; readonly texts: readonly string[] }> {
    for (const [key, { recent }] of this.#tables) if (recent.length > 0) yield { key, texts: recent };
  }

  /** Resolves when nothing of this class uses the database in the background. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#settler.close();
    for (const [, rows] of this.#tables) rows.close();
    await this.#counter.close();
  }

  /** The table's whole schema: `entry` may be a copy with the columns that a statement needs. */
  #schemaOf(entry: TableEntry): readonly Field[] {
    return storedFields(this.catalog.table(entry.name) ?? entry);
  }
}

function settledSql(
  entry: TableEntry,
  columns: readonly Field[],
  schema: readonly Field[],
  fields: readonly Field[],
): { readonly sql: string; readonly list: string } {
  const sql = physicalName(entry.physical);
  if (columns === schema || costOfChange(columns, schema) === 'none')
    return { sql, list: quoteNames(fields) };
  const values = convertedColumns(columns, schema, fields);
  const list = fields.map((field, index) => `${values[index] ?? 'NULL'} AS ${quoteName(field.name)}`);
  return { sql, list: list.join(', ') };
}
