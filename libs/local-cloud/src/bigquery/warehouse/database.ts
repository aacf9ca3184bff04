import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { registerFunctions } from '../functions/register.js';
import { keepByteOrderMarks } from './text-decoder.js';
import { MACROS } from './macros.js';

/** DuckDB database in memory for rows that its tables do not have yet. */
export const IMAGES = 'recent';

/** Schema of the DuckDB database that holds the tables' rows. */
export const ROWS_SCHEMA = 'bq';

/**
 * The DuckDB database behind the emulator: connections, transactions, set-up.
 *
 * A connection serves one caller at a time; used ones are kept. With a data directory everything is in
 * `<directory>/bigquery.duckdb` and its write-ahead log, which is synced before a commit returns.
 */
export class Database {
  readonly #idle: DuckDBConnection[] = [];

  private constructor(private readonly instance: DuckDBInstance) {}

  static async open(dataDirectory: string | undefined): Promise<Database> {
    keepByteOrderMarks();
    if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true });
    const path = dataDirectory === undefined ? ':memory:' : join(dataDirectory, 'bigquery.duckdb');
    const instance = await DuckDBInstance.create(path, { threads: '2' });
    const database = new Database(instance);
    await database.use(async (connection) => {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${ROWS_SCHEMA}`);
      await connection.run('CREATE SCHEMA IF NOT EXISTS catalog');
      await connection.run(
        'CREATE TABLE IF NOT EXISTS catalog.entries (kind VARCHAR, key VARCHAR, entry VARCHAR)',
      );
      await connection.run('CREATE TABLE IF NOT EXISTS catalog.applied (key VARCHAR, n BIGINT)');
      await connection.run('CREATE SEQUENCE IF NOT EXISTS catalog.physical');
      await connection.run(`ATTACH ':memory:' AS ${IMAGES}`);
      registerFunctions(connection);
      for (const macro of MACROS) await connection.run(macro);
    });
    return database;
  }

  /** Lends a connection for the time of `task`. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.#connect());
    try {
      return await task(connection);
    } finally {
      this.#idle.push(connection);
    }
  }

  /** Runs `task` in one transaction; any error rolls everything back and is thrown on. */
  transaction<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.use(async (connection) => {
      await connection.run('BEGIN TRANSACTION');
      try {
        const result = await task(connection);
        await connection.run('COMMIT');
        return result;
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  }
}
