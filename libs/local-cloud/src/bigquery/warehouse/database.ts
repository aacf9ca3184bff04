import { chmod, mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { cancellationOf } from '../cancellation.js';
import { registerFunctions } from '../functions/register.js';
import { MACROS } from './macros.js';
import { keepByteOrderMarks } from './text-decoder.js';

/** DuckDB database in memory for rows that its tables do not have yet. */
export const IMAGES = 'recent';

/** Schema of the DuckDB database that holds the tables' rows. */
export const ROWS_SCHEMA = 'bq';

/** Memory for queries: half of the machine's, at most 4 GB. A query that needs more is refused. */
function memoryLimitMb(): number {
  return Math.min(4_096, Math.floor(totalmem() / 2 / 1_048_576));
}

/**
 * The DuckDB database behind the emulator: connections, transactions, set-up.
 *
 * A connection serves one caller at a time; used ones are kept. A caller that is cancelled (see cancellation.ts) has its
 * statement interrupted and gets the reason of its signal. With a data directory everything is in
 * `<directory>/bigquery.duckdb` and its write-ahead log, which is synced before a commit returns.
 */
export class Database {
  readonly #idle: DuckDBConnection[] = [];

  private constructor(private readonly instance: DuckDBInstance) {}

  static async open(dataDirectory: string | undefined): Promise<Database> {
    keepByteOrderMarks();
    if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    const path = dataDirectory === undefined ? ':memory:' : join(dataDirectory, 'bigquery.duckdb');
    const instance = await DuckDBInstance.create(path, {
      threads: '2',
      memory_limit: `${memoryLimitMb()}MB`,
    });
    if (dataDirectory !== undefined) await chmod(path, 0o600);
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
      // The last settings: queries can neither reach files nor change any of this.
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
    });
    return database;
  }

  /** Lends a connection for the time of `task`. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const signal = cancellationOf();
    signal?.throwIfAborted();
    const connection = this.#idle.pop() ?? (await this.#connect());
    let repeating: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      connection.interrupt();
      // DuckDB forgets an interrupt that arrives before its statement has begun.
      repeating = setInterval(() => {
        connection.interrupt();
      }, 50);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      return await task(connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      clearInterval(repeating);
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

  #connect(): Promise<DuckDBConnection> {
    return this.instance.connect();
  }
}
