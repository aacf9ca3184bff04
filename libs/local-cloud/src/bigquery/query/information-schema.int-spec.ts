import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

describe('INFORMATION_SCHEMA', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await run('CREATE SCHEMA d');
  });
  afterAll(async () => {
    await emulator.stop();
  });

  const run = async (query: string): Promise<unknown> => {
    const { status, body } = await call('POST', '/queries', {
      query,
      useLegacySql: false,
      timeoutMs: 120_000,
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return ((body['rows'] ?? []) as { f: { v: unknown }[] }[]).map(({ f }) => f.map(({ v }) => v));
  };
  const createTable = (tableId: string, schema: object, properties: object = {}): Promise<unknown> =>
    call('POST', '/datasets/d/tables', {
      tableReference: { projectId: 'local-project', datasetId: 'd', tableId },
      schema,
      ...properties,
    });
  const insert = (tableId: string, rows: readonly object[]): Promise<unknown> =>
    call('POST', `/datasets/d/tables/${tableId}/insertAll`, { rows: rows.map((json) => ({ json })) });

  it('lists more columns than one text of rows holds, in order', async () => {
    const fields = Array.from({ length: 2_500 }, (_, n) => ({ name: `c${n}`, type: 'STRING' }));
    await createTable('wide', { fields });

    expect(
      await run(
        "SELECT COUNT(*), MIN(ordinal_position), MAX(ordinal_position), COUNTIF(is_nullable = 'YES'), COUNT(generation_expression), COUNTIF(column_name = CONCAT('c', ordinal_position - 1)) FROM d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'wide'",
      ),
    ).toEqual([['2500', '1', '2500', '2500', '0', '2500']]);
  });

  it('gives descriptions as they are', async () => {
    const description = `it's "quoted" \\ \n\t é 🙂 \u0001 {"a":[1]} NULL`;
    await createTable('described', { fields: [{ name: 'a', type: 'STRING', description }] });

    expect(
      await run(
        "SELECT description FROM d.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS WHERE table_name = 'described'",
      ),
    ).toEqual([[description]]);
  });

  it('counts rows after every kind of change', async () => {
    const counts = async (): Promise<unknown> => {
      const { body } = await call('GET', '/datasets/d/tables/counted');
      const listed = await run(
        "SELECT total_rows, row_count FROM d.INFORMATION_SCHEMA.TABLE_STORAGE, d.__TABLES__ WHERE table_name = 'counted' AND table_id = 'counted'",
      );
      const partitions = await run(
        "SELECT SUM(total_rows) FROM d.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = 'counted'",
      );
      return [body['numRows'], listed, partitions];
    };
    const all = (n: string): unknown => [n, [[n, n]], [[n]]];
    await createTable('counted', { fields: [{ name: 'a', type: 'INTEGER' }] });

    expect(await counts()).toEqual(all('0'));
    await insert('counted', [{ a: 1 }, { a: 2 }]);
    expect(await counts()).toEqual(all('2'));
    await run('INSERT d.counted VALUES (3), (4)');
    expect(await counts()).toEqual(all('4'));
    await insert('counted', [{ a: 5 }]);
    expect(await counts()).toEqual(all('5'));
    await run('DELETE d.counted WHERE a < 3');
    expect(await counts()).toEqual(all('3'));
    await run('ALTER TABLE d.counted RENAME COLUMN a TO b');
    expect(await counts()).toEqual(all('3'));
    await run('TRUNCATE TABLE d.counted');
    expect(await counts()).toEqual(all('0'));
    await run('CREATE OR REPLACE TABLE d.counted AS SELECT n FROM UNNEST(GENERATE_ARRAY(1, 7)) AS n');
    expect(await counts()).toEqual(all('7'));
    await insert(
      'counted',
      Array.from({ length: 6_000 }, (_, n) => ({ n })),
    );
    expect(await counts()).toEqual(all('6007'));
  });

  it('says when rows or columns of a table last changed', async () => {
    await createTable('changed', { fields: [{ name: 'a', type: 'INTEGER' }] });
    const changedMs = async (): Promise<number> =>
      Number(
        (
          (await run("SELECT last_modified_time FROM d.__TABLES__ WHERE table_id = 'changed'")) as string[][]
        )[0]?.[0],
      );
    const changes: readonly (() => Promise<unknown>)[] = [
      () => insert('changed', [{ a: 1 }]),
      () => run('UPDATE d.changed SET a = 2 WHERE TRUE'),
      () => run('ALTER TABLE d.changed ADD COLUMN b STRING'),
    ];
    for (const change of changes) {
      const beforeMs = Date.now();
      while (Date.now() <= beforeMs) await setImmediate();
      await change();
      expect(await changedMs()).toBeGreaterThan(beforeMs);
    }
  });

  it('lists no partition of an empty partitioned table', async () => {
    const timePartitioning = { type: 'DAY', field: 'day' };
    await createTable('parted', { fields: [{ name: 'day', type: 'DATE' }] }, { timePartitioning });
    const partitions = (): Promise<unknown> =>
      run(
        "SELECT partition_id, total_rows FROM d.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = 'parted' ORDER BY 1",
      );

    expect(await partitions()).toEqual([]);
    await insert('parted', [{ day: '2026-11-29' }, { day: '2026-11-30' }, { day: '2026-11-30' }]);
    expect(await partitions()).toEqual([
      ['20261129', '1'],
      ['20261130', '2'],
    ]);
  });
});
