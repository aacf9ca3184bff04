import { mkdtempSync, rmSync, statSync } from 'node:fs';
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
    const database = await Database.open(undefined);
    await expect(database.use((connection) => connection.run(sql))).rejects.toThrow();
    database.close();
  });

  it('has a limit of memory, and UTC on every connection', async () => {
    const database = await Database.open(undefined);
    const read = (): Promise<unknown> =>
      database.use(async (connection) =>
        (
          await connection.runAndReadAll(
            "SELECT current_setting('TimeZone'), current_setting('memory_limit') <> '' AND current_setting('lock_configuration')",
          )
        ).getRows(),
      );
    expect(await Promise.all([read(), read()])).toEqual([[['UTC', true]], [['UTC', true]]]);
    database.close();
  });

  it('keeps its files from other accounts', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'database-'));
    const directory = join(parent, 'data');
    const database = await Database.open(directory);
    expect(
      [directory, join(directory, 'bigquery.duckdb')].map((path) => statSync(path).mode & 0o777),
    ).toEqual([0o700, 0o600]);
    database.close();
    rmSync(parent, { recursive: true });
  });
});
