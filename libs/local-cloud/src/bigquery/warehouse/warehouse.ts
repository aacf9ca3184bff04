import { SerialQueue, TableWriteQueue } from './table-write-queue.js';
import { Catalog, type TableEntry } from './catalog.js';
import { ChangeLog, type LoggedChange } from './change-log.js';
import { ColumnChanges } from './column-changes.js';
import { RunningStatements } from '../running-statements.js';
import { MetadataRateLimit } from '../admin/metadata-rate-limit.js';
import { Database } from './database.js';
import { type AppendReply, type AppendRequest, appendBatch } from './append-batch.js';
import { storedFields } from './ingestion-time.js';
import { InsertIds } from './insert-ids.js';
import { RowStorage } from './row-storage.js';
import { SchemaTimeline } from './schema-timeline.js';
import { type TableName, tableKey } from '../rules/table-resource.js';

/** Options of the warehouse; times in milliseconds. */
export interface WarehouseOptions {
  readonly dataDirectory?: string;
  readonly queryMemoryMib?: number | undefined;
  readonly metadataLagMs?: number;
  readonly metadataRateLimit?: boolean;
  readonly reserveDroppedColumns?: boolean;
  readonly now?: () => number;
}

/** One table's part of memory that is not metadata: its write queue, its insert ids, what writers know of it. */
interface TableRuntime {
  readonly writes: TableWriteQueue<AppendRequest, AppendReply>;
  readonly insertIds: InsertIds;
  timeline: SchemaTimeline;
  lagMs: number | undefined;
}

/** State shared by all parts of the emulator: database, catalog, one write queue per table. */
export class Warehouse {
  readonly catalog: Catalog;
  /** Serialises changes of the catalog; taken inside a table's write queue, never the other way round. */
  readonly metadata = new SerialQueue();
  readonly statements = new RunningStatements();
  readonly now: () => number;
  readonly #runtimes = new Map<string, TableRuntime>();
  readonly rateLimit: MetadataRateLimit;
  readonly rows: RowStorage;
  readonly columnChanges = new ColumnChanges();
  metadataLagMs: number;
  /** Refuses the names of dropped columns for 7 days, as BigQuery does. */
  reserveDroppedColumns: boolean;
  /** Metadata that the change log has and DuckDB has not. */
  readonly #unsettled = new Map<string, TableEntry>();

  private constructor(
    readonly database: Database,
    readonly log: ChangeLog,
    restored: { readonly catalog: Catalog },
    options: WarehouseOptions,
  ) {
    this.catalog = restored.catalog;
    this.now = options.now ?? Date.now;
    this.rateLimit = new MetadataRateLimit(this.now, options.metadataRateLimit ?? false);
    this.metadataLagMs = options.metadataLagMs ?? 0;
    this.reserveDroppedColumns = options.reserveDroppedColumns ?? false;
    this.rows = new RowStorage(database, this.catalog, log, {
      now: this.now,
      inWriteQueue: (name, task) => this.runtime(name).writes.change(task),
      onSettled: (key) => {
        this.#unsettled.delete(key);
      },
    });
  }

  static async open(options: WarehouseOptions): Promise<Warehouse> {
    const database = await Database.open(options);
    const catalog = new Catalog();
    const applied = await catalog.load(database);
    const settled = catalog.allTables();
    const changes: LoggedChange[] = [];
    const last = Math.max(0, ...applied.values());
    const log = ChangeLog.open(options.dataDirectory, last, (change) => {
      if (change.n > (applied.get(change.key) ?? 0)) changes.push(change);
    });
    const warehouse = new Warehouse(database, log, { catalog }, options);
    for (const entry of settled)
      if (entry.kind === 'TABLE' && entry.fields.length > 0)
        warehouse.rows.noteColumns(entry.physical, storedFields(entry));
    for (const change of changes) warehouse.#replay(change);
    return warehouse;
  }

  #replay(change: LoggedChange): void {
    if ('entry' in change) {
      this.catalog.putTable(change.entry);
      this.#unsettled.set(change.key, change.entry);
      return;
    }
    this.rows.restore(
      change.key,
      change.rows.map((row) => JSON.stringify(row)),
    );
  }

  /** Makes a table's changed metadata durable and current; its DuckDB table stays as it is. */
  async changeEntry(entry: TableEntry): Promise<void> {
    const key = tableKey(entry.name);
    const present = this.catalog.table(entry.name);
    await this.log.entry(entry, key);
    if (present !== undefined && present.fields !== entry.fields)
      this.columnChanges.record(key, present.fields, entry.fields, entry.modifiedMs);
    this.catalog.putTable(entry);
    this.#unsettled.set(key, entry);
    this.rows.schemaChanged(entry);
    this.compactLog();
  }

  /** Drops what the log and memory have of a table; its transaction has removed it from DuckDB. */
  forgetTable(name: TableName): void {
    this.#unsettled.delete(tableKey(name));
    this.columnChanges.forget(tableKey(name));
    this.rows.forget(name);
    this.rows.touch(name);
    this.runtime(name).insertIds.clear();
  }

  compactLog(): void {
    if (this.rows.isMoving) return;
    this.log.compact(() => this.#live());
  }

  *#live(): Generator<{ key: string; entry?: TableEntry; texts: readonly string[] }> {
    for (const [key, entry] of this.#unsettled) yield { key, entry, texts: [] };
    yield* this.rows.live();
  }

  /** The table's write queue and what belongs to it; made on first use, also for tables that do not exist. */
  runtime(name: TableName): TableRuntime {
    const key = tableKey(name);
    const present = this.#runtimes.get(key);
    if (present !== undefined) return present;
    const insertIds = new InsertIds(this.now);
    const runtime: TableRuntime = {
      writes: new TableWriteQueue((requests) => appendBatch(this, name, insertIds, requests)),
      insertIds,
      timeline: new SchemaTimeline({
        sinceMs: -Infinity,
        lagMs: 0,
        fields: this.catalog.table(name)?.fields ?? [],
      }),
      lagMs: undefined,
    };
    this.#runtimes.set(key, runtime);
    return runtime;
  }

  /** Columns that writers know now; `undefined` while the table is hidden from them. */
  writerFields(entry: TableEntry): TableEntry['fields'] | undefined {
    const runtime = this.runtime(entry.name);
    return runtime.timeline.visible(this.now(), runtime.lagMs ?? this.metadataLagMs);
  }

  /** Sets a lag for one table in place of the common one; `undefined` takes it back. */
  setTableLag(name: TableName, lagMs: number | undefined): void {
    this.runtime(name).lagMs = lagMs;
  }

  /** Lags of single tables, by `project:dataset.table`. */
  tableLags(): [string, number][] {
    return [...this.#runtimes].flatMap(([key, { lagMs }]) =>
      lagMs === undefined ? [] : [[key, lagMs] as [string, number]],
    );
  }

  /** Informs writers, after the lag, that the table is new (`created`) or has other columns. */
  announce(entry: TableEntry, created: boolean): void {
    const runtime = this.runtime(entry.name);
    const lagMs = runtime.lagMs ?? this.metadataLagMs;
    const version = { sinceMs: this.now(), lagMs, fields: entry.fields };
    if (created) {
      runtime.timeline = new SchemaTimeline(version);
      runtime.insertIds.clear();
    } else runtime.timeline.add(version);
  }

  async close(): Promise<void> {
    await this.rows.close();
    await this.log.close();
    await this.database.close();
  }
}
