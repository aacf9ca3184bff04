import { type TableName, tableKey } from '../rules/table-resource.js';
import { type Catalog, StaleRead, type TableEntry } from './catalog.js';
import type { Database } from './database.js';
import { physicalName } from './physical-tables.js';
import type { StoredTables } from './table-rows.js';

/** Numbers of rows, kept so that views of thousands of tables need no query. */
export class RowCounter {
  readonly #counting = new Set<string>();
  #counts: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly tables: StoredTables,
  ) {}

  /** Number of rows. Errors: {@link StaleRead} when rows moved meanwhile; the caller asks again. */
  async count(entry: TableEntry): Promise<bigint> {
    const known = this.#known(entry);
    if (known !== undefined) return BigInt(known);
    const rows = this.tables.of(tableKey(entry.name));
    const { changes } = rows;
    const sql = `SELECT count(*) FROM ${physicalName(entry.physical)}`;
    const settled = await this.database.use(async (connection) =>
      Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? 0),
    );
    if (rows.changes !== changes) throw new StaleRead();
    rows.settledRows = settled;
    return BigInt(settled + rows.recent.length);
  }

  /** Number of rows, if it is known without a query; else it will be known soon. */
  knownCount(entry: TableEntry): number | undefined {
    const known = this.#known(entry);
    if (known === undefined) this.#countLater(entry.name);
    return known;
  }

  /** Resolves when no count runs in the background. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#counts;
  }

  #known(entry: TableEntry): number | undefined {
    const rows = this.tables.find(tableKey(entry.name));
    const settled = this.tables.columns(entry) === undefined ? 0 : rows?.settledRows;
    return settled === undefined ? undefined : settled + (rows?.recent.length ?? 0);
  }

  // One table after the other.
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
}
