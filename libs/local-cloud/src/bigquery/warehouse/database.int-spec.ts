import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Database } from './database.js';

describe('Database', () => {
  it.each([
    "SET memory_limit = '100GB'",
    'SET enable_external_access = true',
    "ATTACH '/tmp/other.duckdb'",
    "SELECT * FROM read_text('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    'INSTALL httpfs',
  ])('does not run %s', async (sql) => {
    const database = await Database.open();
    await expect(database.use((connection) => connection.run(sql))).rejects.toThrow();
    await database.close();
  });

  it('has a limit of memory, and UTC on every connection', async () => {
    const database = await Database.open();
    const read = (): Promise<unknown> =>
      database.use(async (connection) =>
        (
          await connection.runAndReadAll(
            "SELECT current_setting('TimeZone'), current_setting('memory_limit') <> '' AND current_setting('lock_configuration')",
          )
        ).getRows(),
      );
    expect(await Promise.all([read(), read()])).toEqual([[['UTC', true]], [['UTC', true]]]);
    await database.close();
  });

  it('keeps more rows than its memory holds, in a private folder that ends with it', async () => {
    const database = await Database.open({ queryMemoryMib: 100 });
    const read = (sql: string): Promise<unknown[]> =>
      database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows()[0] ?? []);
    const [folder] = (await read("SELECT current_setting('temp_directory')")) as [string];

    await read('CREATE TABLE bq.large (id BIGINT, value VARCHAR)');
    for (let id = 0; id < 20; id++) await read(`INSERT INTO bq.large SELECT ${id}, repeat('x', 10000000)`);

    expect(await read('SELECT COUNT(*), MAX(id) FROM bq.large')).toEqual([20n, 19n]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await expect(read('SELECT MAX(length(value)) FROM bq.large')).rejects.toThrow(/^Out of Memory/);
    await database.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps its files from other accounts', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'database-'));
    const directory = join(parent, 'data');
    const database = await Database.open({ dataDirectory: directory });
    expect(
      [directory, join(directory, 'bigquery.duckdb')].map((path) => statSync(path).mode & 0o777),
    ).toEqual([0o700, 0o600]);
    await database.close();
    rmSync(parent, { recursive: true });
  });
});
