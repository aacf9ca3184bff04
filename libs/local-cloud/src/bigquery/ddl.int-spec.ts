import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from './index.js';
import { restCaller, type RestCaller } from './testing/rest-caller.builder.js';

describe('data definition and manipulation on the embedded BigQuery', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;
  let serial = 0;
  let t = '';

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await run('CREATE SCHEMA d');
  });
  afterAll(async () => {
    await emulator.stop();
  });
  beforeEach(() => {
    serial += 1;
    t = `d.t${serial}`;
  });

  const run = (query: string): ReturnType<RestCaller> =>
    call('POST', '/queries', { query, useLegacySql: false });
  const done = async (query: string): Promise<void> => {
    expect(await run(query)).toMatchObject({ status: 200 });
  };
  const table = async (): Promise<Record<string, unknown>> =>
    (await call('GET', `/datasets/d/tables/t${serial}`)).body;
  const rows = async (query: string): Promise<unknown> => (await run(query)).body['rows'];

  it('makes a table with modes, nested fields, partitioning, clustering and options', async () => {
    await done(
      `CREATE TABLE ${t} (id INT64 NOT NULL OPTIONS(description="key"), at TIMESTAMP, r STRUCT<a NUMERIC, b ARRAY<STRING>>)
       PARTITION BY DATE(at) CLUSTER BY id OPTIONS(description="orders", labels=[("team", "a")], require_partition_filter=TRUE)`,
    );

    expect(await table()).toMatchObject({
      description: 'orders',
      labels: { team: 'a' },
      requirePartitionFilter: true,
      timePartitioning: { type: 'DAY', field: 'at' },
      clustering: { fields: ['id'] },
      schema: {
        fields: [
          { name: 'id', type: 'INTEGER', mode: 'REQUIRED', description: 'key' },
          { name: 'at', type: 'TIMESTAMP' },
          {
            name: 'r',
            type: 'RECORD',
            fields: [
              { name: 'a', type: 'NUMERIC' },
              { name: 'b', type: 'STRING', mode: 'REPEATED' },
            ],
          },
        ],
      },
    });
  });

  it('adds several columns in one statement, and skips those that exist', async () => {
    await done(`CREATE TABLE ${t} (a INT64)`);
    await done(`INSERT INTO ${t} (a) VALUES (1)`);

    await done(
      `ALTER TABLE ${t} ADD COLUMN IF NOT EXISTS a STRING, ADD COLUMN l ARRAY<INT64>, ADD COLUMN s STRING OPTIONS(description="x")`,
    );

    expect((await table())['schema']).toEqual({
      fields: [
        { name: 'a', type: 'INTEGER', mode: 'NULLABLE' },
        { name: 'l', type: 'INTEGER', mode: 'REPEATED' },
        { name: 's', type: 'STRING', mode: 'NULLABLE', description: 'x' },
      ],
    });
    expect(await rows(`SELECT a, ARRAY_LENGTH(l), s FROM ${t}`)).toEqual([
      { f: [{ v: '1' }, { v: '0' }, { v: null }] },
    ]);
  });

  it.each([
    ['NUMERIC', '9007199254740993'],
    ['BIGNUMERIC', '9007199254740993'],
    ['FLOAT64', '9007199254740992.0'],
  ])('turns INT64 into %s with its rows', async (type, value) => {
    await done(`CREATE TABLE ${t} (a INT64 NOT NULL OPTIONS(description="kept"))`);
    await done(`INSERT INTO ${t} (a) VALUES (9007199254740993)`);

    await done(`ALTER TABLE ${t} ALTER COLUMN a SET DATA TYPE ${type}`);

    expect(await rows(`SELECT a FROM ${t}`)).toEqual([{ f: [{ v: value }] }]);
    expect((await table())['schema']).toMatchObject({ fields: [{ mode: 'REQUIRED', description: 'kept' }] });
  });

  it('takes rows of the new type after a column has widened', async () => {
    await done(`CREATE TABLE ${t} (a INT64, r STRUCT<n NUMERIC, s STRING>)`);
    await done(`INSERT INTO ${t} VALUES (1, STRUCT(2 AS n, 'x' AS s)), (NULL, NULL)`);

    await done(
      `ALTER TABLE ${t} ALTER COLUMN a SET DATA TYPE NUMERIC, ALTER COLUMN r SET DATA TYPE STRUCT<n BIGNUMERIC, s STRING>`,
    );
    const json = { a: '0.5', r: { n: '0.00000000000000000000000000000000000001' } };
    await call('POST', `/datasets/d/tables/t${serial}/insertAll`, { rows: [{ json }] });

    expect(await rows(`SELECT a, r.n FROM ${t} ORDER BY a DESC`)).toEqual([
      { f: [{ v: '1' }, { v: '2' }] },
      { f: [{ v: '0.5' }, { v: '0.00000000000000000000000000000000000001' }] },
      { f: [{ v: null }, { v: null }] },
    ]);
  });

  it.each<[string, string, string]>([
    ['another type', 'ALTER COLUMN a SET DATA TYPE STRING', 'is assignable to the new type'],
    ['an array', 'ALTER COLUMN l SET DATA TYPE ARRAY<NUMERIC>', 'is assignable to the new type'],
    ['a column that is missing', 'ALTER COLUMN x SET DATA TYPE NUMERIC', 'Column not found: x'],
    ['a column twice', 'ADD COLUMN A STRING', 'Column already exists: A'],
    ['a REQUIRED column', 'ADD COLUMN x STRING NOT NULL', 'Cannot add required columns'],
    ['a reserved name', 'ADD COLUMN _PARTITION_x STRING', 'Invalid field name'],
    [
      'the second of two actions, and undoes the first',
      'ADD COLUMN x STRING, ADD COLUMN a STRING',
      'Column already exists: a',
    ],
    ['DROP COLUMN of a column that is not there', 'DROP COLUMN zz', 'Column not found: zz'],
    ['RENAME COLUMN to a name that is taken', 'RENAME COLUMN a TO L', 'Column already exists: L'],
  ])('refuses %s', async (_name, action, words) => {
    await done(`CREATE TABLE ${t} (a INT64, l ARRAY<INT64>)`);
    const before = await table();

    const reply = await run(`ALTER TABLE ${t} ${action}`);

    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toContain(words);
    expect(await table()).toEqual(before);
  });

  it.each([
    ['partitioned', 'a DATE, b STRING', 'PARTITION BY a', 'a'],
    ['clustered', 'a DATE, b STRING', 'CLUSTER BY b', 'b'],
  ])('neither drops nor renames the column that a table is %s by', async (_, columns, keys, column) => {
    await done(`CREATE TABLE ${t} (${columns}) ${keys}`);

    for (const action of [`DROP COLUMN ${column}`, `RENAME COLUMN ${column} TO z`]) {
      const reply = await run(`ALTER TABLE ${t} ${action}`);
      expect(reply.status).toBe(400);
      expect(JSON.stringify(reply.body)).toContain('the table is partitioned or clustered by it');
    }
  });

  it.each([
    ['dropped', 'DROP COLUMN r.f'],
    ['renamed', 'RENAME COLUMN r.f TO g'],
  ])('refuses a field of a record to be %s', async (_, action) => {
    await done(`CREATE TABLE ${t} (a INT64, r STRUCT<f INT64>)`);

    expect(await run(`ALTER TABLE ${t} ${action}`)).toMatchObject({ status: 400 });
    expect(await table()).toMatchObject({ schema: { fields: [{ name: 'a' }, { fields: [{ name: 'f' }] }] } });
  });

  describe('the name of a dropped column', () => {
    const reserve = async (reserved: boolean): Promise<void> => {
      const reply = await fetch(`http://127.0.0.1:${emulator.port}/admin/dropped-columns`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reserved }),
      });
      expect(await reply.json()).toMatchObject({ reserveDroppedColumns: reserved });
    };
    const patched = (names: readonly string[]): ReturnType<RestCaller> =>
      call('PATCH', `/datasets/d/tables/t${serial}`, {
        schema: { fields: names.map((name) => ({ name, type: 'STRING' })) },
      });
    afterAll(() => reserve(false));

    it('is free at once, unless it is reserved', async () => {
      await reserve(false);
      await done(`CREATE TABLE ${t} (a STRING, b STRING)`);
      await done(`ALTER TABLE ${t} DROP COLUMN b`);
      await done(`ALTER TABLE ${t} ADD COLUMN b INT64`);
    });

    it('is refused to new and renamed columns, in any case, while it is reserved', async () => {
      await reserve(true);
      await done(`CREATE TABLE ${t} (a STRING, b STRING)`);
      await done(`ALTER TABLE ${t} DROP COLUMN b`);
      const words = 'was recently deleted in the table';

      for (const reply of [
        await run(`ALTER TABLE ${t} ADD COLUMN B INT64`),
        await run(`ALTER TABLE ${t} RENAME COLUMN a TO b`),
        await patched(['a', 'b']),
      ]) {
        expect(reply.status).toBe(400);
        expect(JSON.stringify(reply.body)).toContain(words);
      }
      expect(await patched(['a', 'c'])).toMatchObject({ status: 200 });
      expect(await run(`ALTER TABLE ${t} DROP COLUMN c`)).toMatchObject({ status: 200 });
      expect(JSON.stringify((await patched(['a', 'b'])).body)).toContain(words);
    });

    it('is free in a table that replaces the one that dropped it', async () => {
      await reserve(true);
      await done(`CREATE TABLE ${t} (a STRING, b STRING)`);
      await done(`ALTER TABLE ${t} DROP COLUMN b`);
      await done(`CREATE OR REPLACE TABLE ${t} (a STRING)`);
      await done(`ALTER TABLE ${t} ADD COLUMN b INT64`);
    });
  });

  it('drops NOT NULL, and sets options of a column and a table', async () => {
    await done(`CREATE TABLE ${t} (a INT64 NOT NULL)`);

    await done(`ALTER TABLE ${t} ALTER COLUMN a DROP NOT NULL`);
    await done(`ALTER TABLE ${t} ALTER COLUMN a SET OPTIONS(description="A")`);
    await done(`ALTER TABLE ${t} SET OPTIONS(description="T", labels=[("k", "v")])`);

    expect(await table()).toMatchObject({
      description: 'T',
      labels: { k: 'v' },
      schema: { fields: [{ mode: 'NULLABLE', description: 'A' }] },
    });
  });

  it('inserts, updates and deletes rows, and counts them', async () => {
    await done(`CREATE TABLE ${t} (a INT64 NOT NULL, s STRING)`);

    expect((await run(`INSERT ${t} (a, s) VALUES (1, 'x'), (2, 'y')`)).body).toMatchObject({
      numDmlAffectedRows: '2',
    });
    expect((await run(`INSERT INTO ${t} (a) SELECT a + 10 FROM ${t}`)).body).toMatchObject({
      numDmlAffectedRows: '2',
    });
    expect((await run(`UPDATE ${t} SET s = CONCAT(s, '!'), a = a + 1 WHERE a = 2`)).body).toMatchObject({
      numDmlAffectedRows: '1',
    });
    expect((await run(`DELETE FROM ${t} WHERE a > 10`)).body).toMatchObject({ numDmlAffectedRows: '2' });
    expect(await run(`INSERT INTO ${t} (s) VALUES ('z')`)).toMatchObject({ status: 400 });
    expect(await run(`DELETE FROM ${t}`)).toMatchObject({ status: 400 });
    expect(await rows(`SELECT a, s FROM ${t} ORDER BY a`)).toEqual([
      { f: [{ v: '1' }, { v: 'x' }] },
      { f: [{ v: '3' }, { v: 'y!' }] },
    ]);
  });

  it.each([
    ['SELECT a FROM TABLE', 'SELECT a FROM TABLE WHERE ts > "2026-01-01"'],
    ['DELETE FROM TABLE WHERE TRUE', 'DELETE FROM TABLE WHERE ts > "2026-01-01"'],
    ['UPDATE TABLE SET a = 2 WHERE a = 1', 'UPDATE TABLE SET a = 2 WHERE a = 1 AND ts IS NULL'],
    [
      'MERGE TABLE AS t USING (SELECT 1 AS a) AS s ON t.a = s.a WHEN MATCHED THEN DELETE',
      'MERGE TABLE AS t USING (SELECT 1 AS a) AS s ON t.a = s.a AND t.ts > "2026-01-01" WHEN MATCHED THEN DELETE',
    ],
  ])('refuses %s if the table asks for a filter on its partitions', async (without, filtered) => {
    await done(
      `CREATE TABLE ${t} (a INT64, ts TIMESTAMP) PARTITION BY DATE(ts) OPTIONS(require_partition_filter = TRUE)`,
    );
    await done(`INSERT INTO ${t} (a, ts) VALUES (1, NULL)`);

    const refused = await run(without.replace('TABLE', t));
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain("without a filter over column(s) 'ts'");
    await done(filtered.replace('TABLE', t));
  });

  it('makes tables from queries, replaces and drops them', async () => {
    await done(`CREATE TABLE ${t} AS SELECT 1 AS a, [1.5] AS l, STRUCT('x' AS s) AS r`);
    expect((await table())['schema']).toMatchObject({
      fields: [{ type: 'INTEGER' }, { type: 'FLOAT', mode: 'REPEATED' }, { type: 'RECORD' }],
    });
    expect(await run(`CREATE TABLE ${t} (b INT64)`)).toMatchObject({ status: 409 });
    await done(`CREATE TABLE IF NOT EXISTS ${t} (b INT64)`);
    await done(`CREATE OR REPLACE TABLE ${t} (b INT64)`);
    expect(await rows(`SELECT COUNT(*) FROM ${t}`)).toEqual([{ f: [{ v: '0' }] }]);
    await done(`DROP TABLE ${t}`);
    await done(`DROP TABLE IF EXISTS ${t}`);
    expect(await run(`DROP TABLE ${t}`)).toMatchObject({ status: 404 });
  });

  it('makes a view that gives the earliest row of each message', async () => {
    await done(`CREATE TABLE ${t} (_message_id STRING NOT NULL, _ingest_time TIMESTAMP, n INT64)`);
    await done(
      `INSERT INTO ${t} VALUES ('a', TIMESTAMP '2026-01-02', 2), ('a', TIMESTAMP '2026-01-01', 1), ('b', NULL, 3)`,
    );

    await done(
      `CREATE VIEW ${t}_unique AS SELECT * FROM \`local-project.${t}\` WHERE TRUE
       QUALIFY ROW_NUMBER() OVER (PARTITION BY _message_id ORDER BY _ingest_time) = 1`,
    );

    expect(await rows(`SELECT _message_id, n FROM ${t}_unique ORDER BY 1`)).toEqual([
      { f: [{ v: 'a' }, { v: '1' }] },
      { f: [{ v: 'b' }, { v: '3' }] },
    ]);
  });
});
