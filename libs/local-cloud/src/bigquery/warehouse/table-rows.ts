import type { Field } from '../rules/field-schema.js';
import { type TableEntry } from './catalog.js';
import type { Database } from './database.js';
import { storedFields } from './ingestion-time.js';
import { costOfChange } from './physical-tables.js';
import { ReadGate } from './read-gate.js';
import { RecentImage } from './recent-image.js';

/** An image that no query uses for this long is dropped: hundreds of them take as much memory as everything else. */
const IMAGE_UNUSED_MS = 10_000;

/** Rows of one table: the recent ones, their image for queries, and the number of those in DuckDB. */
export class TableRows {
  readonly gate = new ReadGate();
  recentBytes = 0;
  /** Changes whenever rows move between the stores. */
  generation = 0;
  /** Changes whenever rows move, or a statement changes those in DuckDB. */
  changes = 0;
  /** Rows in DuckDB, if they have been counted since. */
  settledRows: number | undefined;
  #recent: string[] = [];
  #image: RecentImage | undefined;
  #outdated: RecentImage[] = [];
  #unused: NodeJS.Timeout | undefined;

  get recent(): readonly string[] {
    return this.#recent;
  }

  remember(texts: readonly string[]): void {
    for (const text of texts) {
      this.#recent.push(text);
      this.recentBytes += text.length;
    }
  }

  /** The recent rows are in DuckDB, or gone. */
  clear(): void {
    this.#recent = [];
    this.recentBytes = 0;
    this.generation += 1;
    this.changedInPlace();
    this.#retireImage();
  }

  /** A statement has changed rows in DuckDB. */
  changedInPlace(): void {
    this.changes += 1;
    this.settledRows = undefined;
  }

  /** The image of the recent rows with at least the columns `fields` of `schema`. */
  image(schema: readonly Field[], fields: readonly Field[]): RecentImage {
    const present = this.#image;
    this.#unused?.refresh();
    if (present?.schema === schema && present.covers(fields)) return present;
    const before = present?.schema === schema ? present.fields : [];
    this.#retireImage();
    this.#image = new RecentImage(
      schema,
      schema.filter((field) => fields.includes(field) || before.includes(field)),
    );
    return this.#image;
  }

  /** Drops outdated images if no query runs, and the present one once it has been unused for a while. */
  releaseImages(database: Database): void {
    if (!this.gate.isIdle) return;
    for (const image of this.#outdated.splice(0)) void image.drop(database).catch(() => undefined);
    if (this.#image === undefined) return;
    this.#unused ??= setTimeout(() => {
      this.#unused = undefined;
      if (!this.gate.isIdle) return;
      this.#retireImage();
      this.releaseImages(database);
    }, IMAGE_UNUSED_MS).unref();
    this.#unused.refresh();
  }

  close(): void {
    clearTimeout(this.#unused);
  }

  #retireImage(): void {
    if (this.#image !== undefined) this.#outdated.push(this.#image);
    this.#image = undefined;
  }
}

/** The rows of every table by its key, and the columns that each DuckDB table has. */
export class StoredTables {
  readonly #rows = new Map<string, TableRows>();
  readonly #columns = new Map<string, readonly Field[]>();

  [Symbol.iterator](): IterableIterator<[string, TableRows]> {
    return this.#rows.entries();
  }

  /** The rows of a table; made on first use. */
  of(key: string): TableRows {
    const present = this.#rows.get(key);
    if (present !== undefined) return present;
    const rows = new TableRows();
    this.#rows.set(key, rows);
    return rows;
  }

  find(key: string): TableRows | undefined {
    return this.#rows.get(key);
  }

  noteColumns(physical: string, fields: readonly Field[]): void {
    if (physical !== '') this.#columns.set(physical, fields);
  }

  forgetColumns(physical: string): void {
    this.#columns.delete(physical);
  }

  /** Columns of a table's DuckDB table; `undefined` if it has none yet. */
  columns({ physical }: TableEntry): readonly Field[] | undefined {
    return this.#columns.get(physical);
  }

  /** Cost of bringing a table's DuckDB table to its present columns. */
  cost(entry: TableEntry): ReturnType<typeof costOfChange> {
    const columns = this.columns(entry);
    return columns === undefined ? 'none' : costOfChange(columns, storedFields(entry));
  }
}
