import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startBigqueryEmulator } from './index.js';
import { type RestCaller, restCaller } from './testing/rest-caller.builder.js';

const HEAVY =
  'SELECT SUM(a * b) FROM UNNEST(GENERATE_ARRAY(1, 3000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b';

describe('limits of the embedded BigQuery', () => {
  let emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>;
  let call: RestCaller;

  beforeEach(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
  });
  afterEach(async () => {
    await emulator.stop();
  });

  const createTable = (fields: readonly object[]): Promise<unknown> =>
    call('POST', '/datasets/d/tables', { tableReference: { tableId: 't' }, schema: { fields } });
  const query = (sql: string): ReturnType<RestCaller> =>
    call('POST', '/queries', { query: sql, useLegacySql: false, timeoutMs: 120_000 });

  async function untilJobs(state: string): Promise<void> {
    for (;;) {
      const { body } = await call('GET', '/jobs');
      const { jobs } = body as { jobs: { state: string; configuration: { query: { query: string } } }[] };
      if (jobs.some((job) => job.configuration.query.query === HEAVY && job.state === state)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('refuses a row that would become more cells than fit in memory, and goes on', async () => {
    const fields = Array.from({ length: 400 }, (_, index) => ({ name: `k${index}`, type: 'INTEGER' }));
    await createTable([{ name: 'a', type: 'RECORD', mode: 'REPEATED', fields }]);
    const elements = Array.from({ length: 100_000 }, (_, index) => ({ [`k${index % 400}`]: index }));

    const reply = await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: elements } }] });

    expect(reply.body).toEqual({
      kind: 'bigquery#tableDataInsertAllResponse',
      insertErrors: [
        {
          index: 0,
          errors: [expect.objectContaining({ message: expect.stringMatching(/more than 16000000 cells/) })],
        },
      ],
    });
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: [{ k0: 1 }] } }] });
    expect((await query('SELECT COUNT(*) FROM d.t')).body).toMatchObject({ rows: [{ f: [{ v: '1' }] }] });
  });

  it('takes a row of 12,000 records with 400 different fields', async () => {
    const fields = Array.from({ length: 400 }, (_, index) => ({ name: `k${index}`, type: 'INTEGER' }));
    await createTable([{ name: 'a', type: 'RECORD', mode: 'REPEATED', fields }]);
    const elements = Array.from({ length: 12_000 }, (_, index) => ({ [`k${index % 400}`]: index }));

    const reply = await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: elements } }] });

    expect(reply.body).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
    expect((await call('GET', '/datasets/d/tables/t')).body).toMatchObject({ numRows: '1' });
  });

  it('refuses rows for a table without columns', async () => {
    await createTable([]);
    const reply = await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: 1 } }] });
    expect([reply.status, reply.body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringMatching(/has no schema/) }) },
    ]);
  });

  it('adds 2,000 columns at once, and as many again', async () => {
    const columns = (count: number): object[] =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: 'STRING' }));
    await createTable(columns(1));
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { c0: 'first' } }] });
    const before = process.memoryUsage().rss;
    for (const count of [2_001, 4_001]) {
      const reply = await call('PATCH', '/datasets/d/tables/t', { schema: { fields: columns(count) } });
      expect(reply.status).toBe(200);
      await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { [`c${count - 1}`]: 'x' } }] });
    }
    expect((await query('SELECT c0, c2000, c4000 FROM d.t ORDER BY c0')).body).toMatchObject({
      rows: [
        { f: [{ v: null }, { v: 'x' }, { v: null }] },
        { f: [{ v: null }, { v: null }, { v: 'x' }] },
        { f: [{ v: 'first' }, { v: null }, { v: null }] },
      ],
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000);
  }, 60_000);

  it('refuses a query that needs more memory than queries may use', async () => {
    const reply = await query("SELECT REPEAT('a', 2000000000)");
    expect([reply.status, (await query('SELECT 1')).status]).toEqual([400, 200]);
  }, 240_000);

  it('reads values of JSON documents of megabytes without memory of their own', async () => {
    await createTable([{ name: 'doc', type: 'JSON' }]);
    const text = 'x'.repeat(3_000_000);
    for (let index = 0; index < 30; index += 1) {
      const doc = JSON.stringify({ id: `m${index}`, text, list: [1, { deep: index }], none: null });
      const reply = await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { doc } }] });
      expect(reply.body).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
    }
    const before = process.memoryUsage().rss;
    const reply =
      await query(`SELECT JSON_VALUE(doc, '$.id') AS id, JSON_VALUE(doc, '$.list[1].deep') AS deep,
        JSON_VALUE(doc.none) AS none, TO_JSON_STRING(doc.list[1]) AS part, JSON_VALUE(doc, '$.list') AS list
      FROM d.t WHERE JSON_VALUE(doc, '$.id') IS NOT NULL AND JSON_VALUE(doc, '$.missing') IS NULL ORDER BY deep LIMIT 2`);
    expect(reply.body).toMatchObject({
      rows: [
        { f: [{ v: 'm0' }, { v: '0' }, { v: null }, { v: '{"deep":0}' }, { v: null }] },
        { f: [{ v: 'm1' }, { v: '1' }, { v: null }, { v: '{"deep":1}' }, { v: null }] },
      ],
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(1_500_000_000);
  }, 240_000);

  it('ends a query when its time is over', async () => {
    const reply = await call('POST', '/jobs', {
      configuration: { query: { query: HEAVY, useLegacySql: false }, jobTimeoutMs: '200' },
    });
    const { jobId } = (reply.body as { jobReference: { jobId: string } }).jobReference;
    const result = await call('GET', `/queries/${jobId}?timeoutMs=120000`);
    expect([result.status, result.body]).toEqual([
      400,
      { error: expect.objectContaining({ message: 'Job timed out after 0.2 seconds' }) },
    ]);
  }, 60_000);

  it.each([
    ['of one row a step', 'SELECT 1 AS n UNION ALL SELECT n + 1 FROM t'],
    ['of twice the rows a step', 'SELECT 1 AS n UNION ALL SELECT n FROM t, UNNEST([1, 2])'],
  ])('ends a recursion without an end, %s, when its time is over', async (_, recursion) => {
    const { status, body } = await call('POST', '/queries', {
      query: `WITH RECURSIVE t AS (${recursion}) SELECT COUNT(*) FROM t`,
      useLegacySql: false,
      jobTimeoutMs: '300',
      timeoutMs: 120_000,
    });
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: 'Job timed out after 0.3 seconds' }) },
    ]);
  });

  it('ends a query when its job is cancelled', async () => {
    const reply = await call('POST', '/jobs', {
      configuration: { query: { query: HEAVY, useLegacySql: false } },
    });
    const { jobId } = (reply.body as { jobReference: { jobId: string } }).jobReference;
    await call('POST', `/jobs/${jobId}/cancel`);
    await untilJobs('DONE');
    const { body } = await call('GET', `/jobs/${jobId}`);
    expect(body).toMatchObject({ status: { state: 'DONE', errorResult: { reason: 'stopped' } } });
  }, 60_000);

  it('ends a query when its client has left', async () => {
    const leaving = request({
      host: '127.0.0.1',
      port: emulator.port,
      method: 'POST',
      path: '/bigquery/v2/projects/local-project/queries',
      headers: { 'content-type': 'application/json' },
    });
    leaving.on('error', () => undefined);
    leaving.end(JSON.stringify({ query: HEAVY, useLegacySql: false, timeoutMs: 600_000 }));
    await untilJobs('RUNNING');
    leaving.destroy();
    await untilJobs('DONE');
  }, 60_000);
});
