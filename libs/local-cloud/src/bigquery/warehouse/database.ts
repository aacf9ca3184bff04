import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
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

/** Freed memory that DuckDB keeps per thread when its threads have nothing to do; its own default is 128 MiB. */
const KEPT_FREE_MEMORY = '1MiB';

/** Place and memory of the database. */
export interface DatabaseOptions {
  /** Folder of the database; in memory without it. */
  readonly dataDirectory?: string | undefined;
  /** Memory for rows and queries, in MiB. A query that needs more is refused. Default: {@link defaultMemoryMib}. */
  readonly queryMemoryMib?: number | undefined;
}

/** Half of the machine's memory, at most 4,096 MiB. */
export function defaultMemoryMib(): number {
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

  private constructor(
    private readonly instance: DuckDBInstance,
    /** Folder of what does not fit in memory, if it is of this process alone. */
    private readonly spillDirectory: string | undefined,
  ) {}

  static async open({ dataDirectory, queryMemoryMib }: DatabaseOptions = {}): Promise<Database> {
    keepByteOrderMarks();
    if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    const path = dataDirectory === undefined ? ':memory:' : join(dataDirectory, 'bigquery.duckdb');
    // Without a folder of its own, DuckDB spills into the working directory.
    const spillDirectory =
      dataDirectory === undefined ? await mkdtemp(join(tmpdir(), 'local-bigquery-')) : undefined;
    const instance = await DuckDBInstance.create(path, {
      threads: '2',
      memory_limit: `${queryMemoryMib ?? defaultMemoryMib()}MiB`,
      temp_directory: spillDirectory ?? `${path}.tmp`,
      allocator_flush_threshold: KEPT_FREE_MEMORY,
    });
    if (dataDirectory !== undefined) await chmod(path, 0o600);
    const database = new Database(instance, spillDirectory);
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

  async close(): Promise<void> {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
    if (this.spillDirectory !== undefined) await rm(this.spillDirectory, { recursive: true, force: true });
  }

  #connect(): Promise<DuckDBConnection> {
    return this.instance.connect();
  }
}
