import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

type Body = Readonly<Record<string, unknown>>;

describe('jobs of the embedded BigQuery', () => {
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

  const run = async (query: string, options: object = {}): Promise<Body> =>
    (await call('POST', '/queries', { query, useLegacySql: false, ...options })).body;
  const jobOf = async (reply: Body): Promise<Body> => {
    const { jobId } = reply['jobReference'] as { jobId: string };
    return (await call('GET', `/jobs/${jobId}`)).body;
  };
  const values = (reply: Body): unknown =>
    ((reply['rows'] ?? []) as { f: { v: unknown }[] }[]).map(({ f }) => f.map(({ v }) => v));

  it.each([
    ['INSERT INTO d.m VALUES (1, "a"), (2, "b"), (3, "c")', '3', ['3', '0', '0']],
    ['UPDATE d.m SET b = "z" WHERE a > 1', '2', ['0', '2', '0']],
    ['DELETE FROM d.m WHERE a = 3', '1', ['0', '0', '1']],
    [
      `MERGE d.m AS t USING (SELECT 1 AS a UNION ALL SELECT 9) AS s ON t.a = s.a
       WHEN MATCHED THEN UPDATE SET b = 'm' WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, 'n')
       WHEN NOT MATCHED BY SOURCE THEN DELETE`,
      '3',
      ['1', '1', '1'],
    ],
    [
      'MERGE d.m AS t USING (SELECT 1 AS a UNION ALL SELECT 5) AS s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)',
      '1',
      ['1', '0', '0'],
    ],
    ['MERGE d.m AS t USING (SELECT 5 AS a) AS s ON t.a = s.a WHEN MATCHED THEN DELETE', '1', ['0', '0', '1']],
    [
      `MERGE d.m AS t USING (SELECT 7 AS a UNION ALL SELECT 8) AS s ON FALSE WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)
       WHEN NOT MATCHED BY SOURCE AND t.a = 9 THEN DELETE`,
      '3',
      ['2', '0', '1'],
    ],
    [
      `MERGE d.m AS t USING (SELECT 7 AS a UNION ALL SELECT 8) AS s ON t.a = s.a WHEN MATCHED AND s.a = 7 THEN DELETE
       WHEN MATCHED THEN UPDATE SET b = 'u'`,
      '2',
      ['0', '1', '1'],
    ],
    ['TRUNCATE TABLE d.m', '2', ['0', '0', '2']],
  ])('count the rows that a statement changed: %s', async (query, affected, [inserted, updated, deleted]) => {
    await run('CREATE TABLE IF NOT EXISTS d.m (a INT64, b STRING)');

    const reply = await run(query);

    const dmlStats = {
      insertedRowCount: inserted,
      updatedRowCount: updated,
      deletedRowCount: deleted,
    };
    expect(reply).toMatchObject({ jobComplete: true, numDmlAffectedRows: affected, dmlStats });
    expect(await jobOf(reply)).toMatchObject({
      statistics: { query: { numDmlAffectedRows: affected, dmlStats } },
    });
  });

  it('have a child for each statement of a script, which the list shows for its parent alone', async () => {
    const reply = await run('CREATE TABLE d.s (a INT64); INSERT d.s VALUES (1); SELECT a FROM d.s');
    const { jobId } = reply['jobReference'] as { jobId: string };

    expect(values(reply)).toEqual([['1']]);
    expect(await jobOf(reply)).toMatchObject({
      statistics: { numChildJobs: '3', query: { statementType: 'SCRIPT' } },
    });
    const children = (await call('GET', `/jobs?parentJobId=${jobId}`)).body['jobs'] as Body[];
    expect(children.map((child) => (child['statistics'] as Body)['query'])).toMatchObject([
      { statementType: 'SELECT' },
      { statementType: 'INSERT', dmlStats: { insertedRowCount: '1' } },
      { statementType: 'CREATE_TABLE' },
    ]);
    expect(children[0]).toMatchObject({ statistics: { parentJobId: jobId } });
    const all = (await call('GET', '/jobs')).body['jobs'] as Body[];
    expect(all.some((job) => 'parentJobId' in (job['statistics'] as Body))).toBe(false);
    const last = (children[0]?.['jobReference'] as { jobId: string }).jobId;
    expect(values((await call('GET', `/queries/${last}`)).body)).toEqual([['1']]);
  });

  it('have a failed child if a statement of a script fails', async () => {
    const reply = await run('SELECT 1; SELECT 1/0');
    expect(reply).toMatchObject({ error: { message: expect.stringContaining('division by zero') } });
    const all = (await call('GET', '/jobs')).body['jobs'] as Body[];
    const { jobId } = all[0]?.['jobReference'] as { jobId: string };
    const children = (await call('GET', `/jobs?parentJobId=${jobId}`)).body['jobs'] as Body[];
    expect(children.map((child) => (child['status'] as Body)['errorResult'] !== undefined)).toEqual([
      true,
      false,
    ]);
  });

  it('are rows of INFORMATION_SCHEMA.JOBS', async () => {
    await run('SELECT 41 + 1 AS answer', { labels: { team: 'a' } });
    await run('SELECT nothing');
    await run('CREATE OR REPLACE TABLE d.j (a INT64); INSERT d.j VALUES (1), (2)');
    const jobs = async (columns: string, where: string): Promise<unknown> =>
      values(await run(`SELECT ${columns} FROM \`region-us\`.INFORMATION_SCHEMA.JOBS WHERE ${where}`));

    expect(await jobs('job_type, statement_type, state, labels[0].value', "query LIKE 'SELECT 41%'")).toEqual(
      [['QUERY', 'SELECT', 'DONE', 'a']],
    );
    expect(await jobs('error_result.reason', "query = 'SELECT nothing'")).toEqual([['invalidQuery']]);
    expect(
      await jobs(
        'dml_statistics.inserted_row_count, parent_job_id IS NOT NULL',
        "query LIKE '%INSERT d.j%' AND parent_job_id IS NOT NULL",
      ),
    ).toEqual([['2', 'true']]);
    expect(values(await run('SELECT COUNT(*) > 2 FROM INFORMATION_SCHEMA.JOBS_BY_PROJECT'))).toEqual([
      ['true'],
    ]);
  });

  it('read storage and tables of a dataset, or of a region', async () => {
    await run('CREATE TABLE d.stored AS SELECT 1 AS a UNION ALL SELECT 2');
    for (const scope of ['d', '`region-us`'])
      expect(
        values(
          await run(
            `SELECT table_schema, total_rows, deleted, table_type FROM ${scope}.INFORMATION_SCHEMA.TABLE_STORAGE WHERE table_name = 'stored'`,
          ),
        ),
      ).toEqual([['d', '2', 'false', 'BASE TABLE']]);
  });

  it('name a table from which the rows of a query without a destination can be read, page by page', async () => {
    const job = await jobOf(
      await run('SELECT n, STRUCT(n AS m) AS s FROM UNNEST(GENERATE_ARRAY(1, 5)) AS n ORDER BY n'),
    );
    const { query } = job['configuration'] as {
      query: { destinationTable: { datasetId: string; tableId: string } };
    };
    const { datasetId, tableId } = query.destinationTable;
    const path = `/datasets/${datasetId}/tables/${tableId}/data`;
    const first = (await call('GET', `${path}?maxResults=3`)).body;
    const second = (await call('GET', `${path}?maxResults=3&pageToken=${String(first['pageToken'])}`)).body;

    expect([first['totalRows'], second['totalRows'], second['pageToken']]).toEqual(['5', '5', undefined]);
    expect([...(values(first) as unknown[]), ...(values(second) as unknown[])]).toEqual(
      ['1', '2', '3', '4', '5'].map((n) => [n, { f: [{ v: n }] }]),
    );
    expect((await call('GET', `/datasets/${datasetId}/tables/anon_none/data`)).status).toBe(404);
  });

  it('name no such table if the query changes a table or has a destination', async () => {
    const ddl = await jobOf(await run('CREATE TABLE d.no_result (a INT64)'));
    const dml = await jobOf(await run('INSERT INTO d.no_result VALUES (1)'));

    expect([ddl, dml].map(({ configuration }) => (configuration as { query: object }).query)).toEqual([
      { query: 'CREATE TABLE d.no_result (a INT64)', useLegacySql: false },
      { query: 'INSERT INTO d.no_result VALUES (1)', useLegacySql: false },
    ]);
  });

  describe('bytes processed', () => {
    const bytesOf = (reply: Body): unknown => reply['totalBytesProcessed'];

    beforeAll(async () => {
      await run('CREATE TABLE d.target (k INT64)');
      await run(
        'CREATE TABLE d.bytes (i INT64, s STRING, b BYTES, n NUMERIC, g BIGNUMERIC, t BOOL, j JSON, a ARRAY<STRING>, r STRUCT<x INT64, y ARRAY<STRUCT<z STRING>>>)',
      );
      await run(
        `INSERT INTO d.bytes (i, s, b, n, g, t, j, a, r) VALUES
         (1, 'é', b'abc', 1, 1, true, JSON '{"k":1}', ['a', 'bc'], STRUCT(1, [STRUCT('z')])), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, [], NULL)`,
      );
    });

    it.each([
      ['SELECT 1', '0'],
      ['SELECT i FROM d.bytes', '8'],
      ['SELECT s FROM d.bytes WHERE i = 1', '12'],
      ['SELECT b FROM d.bytes', '5'],
      ['SELECT n, g, t FROM d.bytes', '49'],
      ['SELECT j FROM d.bytes', '9'],
      ['SELECT a FROM d.bytes', '7'],
      ['SELECT r.x FROM d.bytes', '11'],
      ['SELECT * FROM d.bytes', '93'],
      ['SELECT x.i FROM d.bytes AS x JOIN d.bytes AS y ON x.i = y.i', '16'],
      ['INSERT INTO d.target (k) SELECT i FROM d.bytes', '8'],
      ['UPDATE d.bytes SET i = 2 WHERE TRUE', '93'],
      ['DELETE FROM d.bytes WHERE i = 1', '93'],
      [
        'MERGE d.target AS t USING (SELECT i FROM d.bytes) AS s ON FALSE WHEN NOT MATCHED THEN INSERT (k) VALUES (s.i)',
        '8',
      ],
      [
        'MERGE d.bytes AS t USING (SELECT i FROM d.bytes) AS s ON t.i = s.i WHEN MATCHED THEN UPDATE SET i = 1',
        '101',
      ],
    ])('are estimated by a dry run: %s', async (query, bytes) => {
      expect(bytesOf(await run(query, { dryRun: true }))).toBe(bytes);
    });

    it('of a table that changed since its rows are counted with its new columns', async () => {
      await run('CREATE TABLE d.grows (a INT64)');
      await run('INSERT INTO d.grows (a) VALUES (1)');
      await run('ALTER TABLE d.grows ADD COLUMN b STRING');

      expect([
        bytesOf(await run('SELECT a, b FROM d.grows', { dryRun: true })),
        bytesOf(await run('INSERT INTO d.grows (a, b) SELECT a, b FROM d.grows')),
        bytesOf(await run("UPDATE d.grows SET b = 'xy' WHERE TRUE")),
        bytesOf(await run('SELECT a, b FROM d.grows', { dryRun: true })),
      ]).toEqual(['8', '8', '16', '24']);
    });

    describe('of a table that is partitioned by day', () => {
      beforeAll(async () => {
        await run('CREATE TABLE d.days (ts TIMESTAMP, i INT64) PARTITION BY DATE(ts)');
        await run(
          `INSERT INTO d.days (ts, i) SELECT TIMESTAMP_ADD(TIMESTAMP '2026-11-27 01:00:00', INTERVAL n DAY), n
           FROM UNNEST(GENERATE_ARRAY(0, 3)) AS n, UNNEST(GENERATE_ARRAY(1, 10))`,
        );
        await run('CREATE TABLE d.staged (id INT64)');
      });

      // Four days of ten rows; ts and i have 8 bytes each.
      it.each([
        ['SELECT ts FROM d.days', '320'],
        ["SELECT ts FROM d.days WHERE ts >= TIMESTAMP '2026-11-28' AND ts < TIMESTAMP '2026-11-29'", '80'],
        ["SELECT ts FROM d.days WHERE ts >= '2026-11-28 12:00:00' AND ts <= '2026-11-29 00:00:00'", '160'],
        ["SELECT ts FROM d.days AS x WHERE x.ts > TIMESTAMP '2026-11-29 23:00:00'", '160'],
        ["SELECT ts FROM d.days WHERE TIMESTAMP '2026-11-28' > ts", '80'],
        ["SELECT ts FROM d.days WHERE ts BETWEEN '2026-11-28' AND '2026-11-29 20:00:00' AND i = 1", '320'],
        ["SELECT ts FROM d.days WHERE DATE(ts) = '2026-11-28'", '80'],
        ["SELECT ts FROM d.days WHERE DATE(ts) > DATE '2026-11-28'", '160'],
        ["SELECT ts FROM d.days WHERE DATE(ts) IN ('2026-11-28')", '320'],
        ["SELECT ts FROM d.days WHERE ts >= TIMESTAMP '2026-11-28' OR i = 1", '640'],
        ["SELECT ts FROM d.days WHERE ts >= TIMESTAMP_SUB(TIMESTAMP '2026-11-30', INTERVAL 1 DAY)", '160'],
        ["SELECT ts FROM d.days WHERE ts >= (SELECT TIMESTAMP '2026-11-30')", '320'],
        ["SELECT x.ts FROM d.days AS x JOIN d.days AS y ON x.ts = y.ts AND y.ts >= '2026-11-30'", '400'],
        ["SELECT x.ts FROM d.days AS x LEFT JOIN d.days AS y ON x.ts = y.ts AND x.ts >= '2026-11-30'", '640'],
        ["UPDATE d.days SET i = 2 WHERE ts >= '2026-11-30'", '160'],
        ["DELETE FROM d.days WHERE DATE(ts) < '2026-11-28' AND i > 0", '160'],
        [
          "MERGE d.days AS t USING d.staged AS s ON t.i = s.id AND t.ts >= '2026-11-29' AND t.ts < '2026-11-30' WHEN MATCHED THEN UPDATE SET i = 1",
          '160',
        ],
        [
          "MERGE d.days AS t USING d.staged AS s ON t.i = s.id AND t.ts >= '2026-11-29' WHEN NOT MATCHED BY SOURCE THEN DELETE",
          '640',
        ],
      ])('leave out the days that constants exclude: %s', async (query, bytes) => {
        expect(bytesOf(await run(query, { dryRun: true }))).toBe(bytes);
      });

      it('leave out the days that a parameter excludes', async () => {
        const parameters = (value: string): object => ({
          dryRun: true,
          parameterMode: 'NAMED',
          queryParameters: [
            { name: 'since', parameterType: { type: 'TIMESTAMP' }, parameterValue: { value } },
          ],
        });
        const query = 'SELECT ts FROM d.days WHERE ts >= @since';

        expect([
          bytesOf(await run(query, parameters('2026-11-30 00:00:00+00'))),
          bytesOf(await run(query, parameters('2026-12-30 00:00:00+00'))),
        ]).toEqual(['80', '0']);
      });
    });

    it('are an average where the table is large', async () => {
      await run('CREATE TABLE d.large AS SELECT x, "ab" AS s FROM UNNEST(GENERATE_ARRAY(1, 25000)) AS x');

      expect(bytesOf(await run('SELECT * FROM d.large', { dryRun: true }))).toBe('300000');
    });

    it('of more columns than an expression of the engine has terms are counted too', async () => {
      const names = Array.from({ length: 1_100 }, (_, n) => `c${n}`);
      await run(`CREATE TABLE d.wide (${names.map((name) => `${name} INT64`).join(', ')})`);
      await run('INSERT INTO d.wide (c0, c1099) VALUES (1, 2)');
      await run('CREATE TABLE d.source AS SELECT * FROM d.wide');

      expect([
        bytesOf(await run(`UPDATE d.wide SET ${names.map((name) => `${name} = 5`).join(', ')} WHERE c0 = 1`)),
        bytesOf(
          await run(
            `MERGE d.wide AS t USING d.source AS s ON t.c0 = s.c0 WHEN MATCHED THEN UPDATE SET ${names.map((name) => `${name} = s.${name}`).join(', ')} WHEN NOT MATCHED THEN INSERT ROW`,
          ),
        ),
        bytesOf(await run('SELECT * FROM d.wide', { dryRun: true })),
      ]).toEqual(['16', '8816', '8816']);
    }, 60_000);

    it('end a job that may bill less, at least 10 MiB for each table', async () => {
      const refused = await run('SELECT i FROM d.bytes', { maximumBytesBilled: '10485759' });
      const allowed = await run('SELECT i FROM d.bytes', { maximumBytesBilled: '10485760' });

      expect(refused).toMatchObject({
        error: {
          errors: [{ reason: 'bytesBilledLimitExceeded' }],
          message: 'Query exceeded limit for bytes billed: 10485759. 10485760 or higher required.',
        },
      });
      expect((await jobOf(allowed))['statistics']).toMatchObject({
        totalBytesProcessed: '8',
        query: { totalBytesProcessed: '8', totalBytesBilled: '10485760' },
      });
      expect(await run('DELETE FROM d.bytes WHERE i = 1', { maximumBytesBilled: '1' })).toMatchObject({
        error: { errors: [{ reason: 'bytesBilledLimitExceeded' }] },
      });
    });
  });
});
