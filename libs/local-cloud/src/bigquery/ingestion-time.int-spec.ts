import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from './index.js';
import { loadCaller } from './testing/load-caller.builder.js';
import { restCaller } from './testing/rest-caller.builder.js';

describe('tables partitioned by ingestion time', () => {
  let directory: string;
  let emulator: BigqueryEmulator;

  const start = (): Promise<BigqueryEmulator> =>
    startBigqueryEmulator({ host: '127.0.0.1', port: 0, dataDirectory: directory, log: () => undefined });
  const call = (method: string, path: string, body?: object): ReturnType<ReturnType<typeof restCaller>> =>
    restCaller(emulator.port)(method, path, body);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ingestion-'));
    emulator = await start();
    await sql('CREATE SCHEMA d');
  });
  afterEach(async () => {
    await emulator.stop();
    await rm(directory, { recursive: true });
  });

  /** Rows of a statement, cells as text. */
  async function sql(query: string): Promise<(string | null)[][]> {
    const { status, body } = await call('POST', '/queries', { query, useLegacySql: false });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return ((body['rows'] ?? []) as { f: { v: string | null }[] }[]).map(({ f }) => f.map(({ v }) => v));
  }

  /** True if rows arrived in the partition of today or of the day that the test began. */
  const TODAY = '_PARTITIONDATE BETWEEN DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY) AND CURRENT_DATE()';

  it('stamp rows of every road, and show their time by name only', async () => {
    await call('POST', '/datasets/d/tables', {
      tableReference: { datasetId: 'd', tableId: 't' },
      schema: { fields: [{ name: 'a', type: 'INTEGER' }] },
      timePartitioning: { type: 'DAY' },
    });
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: 1 } }] });
    await loadCaller(emulator.port)('t', '{"a":2}\n');
    await sql('INSERT INTO d.t (a) VALUES (3)');
    await sql('MERGE d.t USING (SELECT 4 AS x) ON a = x WHEN NOT MATCHED THEN INSERT (a) VALUES (x)');
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: 5 } }] });

    expect(await sql(`SELECT a, ${TODAY} FROM d.t ORDER BY a`)).toEqual(
      ['1', '2', '3', '4', '5'].map((a) => [a, 'true']),
    );
    expect(await sql('SELECT * FROM d.t WHERE a = 1')).toEqual([['1']]);
    const { body } = await call('GET', '/datasets/d/tables/t/data?maxResults=1');
    expect((body['rows'] as { f: unknown[] }[])[0]?.f).toHaveLength(1);
    const table = (await call('GET', '/datasets/d/tables/t')).body;
    expect(table['schema']).toEqual({ fields: [{ name: 'a', type: 'INTEGER', mode: 'NULLABLE' }] });
  });

  it('refuse the pseudo-column in a row of insertAll', async () => {
    await sql('CREATE TABLE d.t (a INT64) PARTITION BY _PARTITIONDATE');
    const { body } = await call('POST', '/datasets/d/tables/t/insertAll', {
      rows: [{ json: { _PARTITIONTIME: '2026-01-01' } }],
    });
    expect(JSON.stringify(body)).toContain('no such field: _PARTITIONTIME');
  });

  it('keep the times of rows through changes of columns, a copy by query and a restart', async () => {
    await sql('CREATE TABLE d.t (a INT64, b STRING) PARTITION BY _PARTITIONDATE');
    await sql("INSERT INTO d.t (_PARTITIONTIME, a, b) VALUES (TIMESTAMP '2026-01-02', 1, 'x')");
    await sql('ALTER TABLE d.t ADD COLUMN c STRING');
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: 2, c: 'y' } }] });
    await emulator.stop();
    emulator = await start();
    await sql('ALTER TABLE d.t DROP COLUMN b');
    await sql('ALTER TABLE d.t RENAME COLUMN c TO d');
    await sql('ALTER TABLE d.t ALTER COLUMN a SET DATA TYPE NUMERIC');
    await sql(
      "CREATE TABLE d.copy PARTITION BY _PARTITIONDATE AS SELECT a FROM d.t WHERE _PARTITIONDATE = '2026-01-02'",
    );

    expect(await sql(`SELECT a, d, ${TODAY}, _PARTITIONDATE = '2026-01-02' FROM d.t ORDER BY a`)).toEqual([
      ['1', null, 'false', 'true'],
      ['2', 'y', 'true', 'false'],
    ]);
    expect(await sql(`SELECT a, ${TODAY} FROM d.copy`)).toEqual([['1', 'true']]);
    const partitions = await sql(
      "SELECT partition_id, total_rows FROM d.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = 't' ORDER BY 1",
    );
    expect(partitions[0]).toEqual(['20260102', '1']);
    expect(partitions).toHaveLength(2);
  });

  it('select rows to delete and to change by their partition', async () => {
    await sql(
      'CREATE TABLE d.t (a INT64) PARTITION BY _PARTITIONDATE OPTIONS (require_partition_filter = TRUE)',
    );
    await sql(
      "INSERT INTO d.t (_PARTITIONTIME, a) SELECT TIMESTAMP '2026-01-02', 1 UNION ALL SELECT TIMESTAMP '2026-01-03', 2",
    );
    await expect(sql('SELECT a FROM d.t')).rejects.toThrow("'_PARTITIONTIME'");
    await sql("UPDATE d.t SET a = 7 WHERE _PARTITIONDATE = '2026-01-03'");
    await sql("DELETE FROM d.t AS x WHERE x._PARTITIONTIME = TIMESTAMP '2026-01-02'");
    expect(await sql("SELECT a FROM d.t WHERE _PARTITIONTIME > '2026-01-01'")).toEqual([['7']]);
  });
});
