import { SerialQueue, TableWriteQueue } from './table-write-queue.js';
import { Catalog, type TableEntry } from './catalog.js';
import { MetadataRateLimit } from '../admin/metadata-rate-limit.js';
import { Database } from './database.js';
import { type AppendReply, type AppendRequest, appendBatch } from './append-batch.js';
import { InsertIds } from './insert-ids.js';
import { SchemaTimeline } from './schema-timeline.js';
import { type TableName, tableKey } from '../rules/table-resource.js';

/** What the emulator is started with; times in milliseconds. */
export interface WarehouseOptions {
  readonly dataDirectory?: string;
  readonly metadataLagMs?: number;
  readonly metadataRateLimit?: boolean;
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
  readonly catalog = new Catalog();
  /** Serialises changes of the catalog; taken inside a table's write queue, never the other way round. */
  readonly metadata = new SerialQueue();
  readonly now: () => number;
  readonly #runtimes = new Map<string, TableRuntime>();
  readonly rateLimit: MetadataRateLimit;
  metadataLagMs: number;

  private constructor(
    readonly database: Database,
    options: WarehouseOptions,
  ) {
    this.now = options.now ?? Date.now;
    this.rateLimit = new MetadataRateLimit(this.now, options.metadataRateLimit ?? false);
    this.metadataLagMs = options.metadataLagMs ?? 0;
  }

  static async open(options: WarehouseOptions): Promise<Warehouse> {
    const database = await Database.open(options.dataDirectory);
    const warehouse = new Warehouse(database, options);
    await warehouse.catalog.load(database);
    return warehouse;
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

  /** Tells writers, after the lag, that the table is new (`created`) or has other columns. */
  announce(entry: TableEntry, created: boolean): void {
    const runtime = this.runtime(entry.name);
    const lagMs = runtime.lagMs ?? this.metadataLagMs;
    const version = { sinceMs: this.now(), lagMs, fields: entry.fields };
    if (created) {
      runtime.timeline = new SchemaTimeline(version);
      runtime.insertIds.clear();
    } else runtime.timeline.add(version);
  }

  close(): void {
    this.database.close();
  }
}
