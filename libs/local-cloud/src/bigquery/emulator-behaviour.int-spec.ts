import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from './index.js';
import { restCaller, type RestCaller } from './testing/rest-caller.builder.js';

const TABLE = '/datasets/d/tables/t';
const column = (name: string): object => ({ name, type: 'STRING', mode: 'NULLABLE' });
const CREATE = { tableReference: { tableId: 't' }, schema: { fields: [column('a')] } };

describe('the embedded BigQuery', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  beforeEach(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
  });
  afterEach(async () => {
    await emulator.stop();
  });

  const insert = (...rows: object[]): ReturnType<RestCaller> =>
    call('POST', `${TABLE}/insertAll`, { rows: rows.map((json) => ({ json })) });
  const count = async (): Promise<unknown> => (await call('GET', TABLE)).body['numRows'];
  const admin = (method: string, path: string, body?: object): ReturnType<RestCaller> =>
    call(method, `/admin${path}`, body, { root: true });

  it('keeps fields of records whose names mean something to JavaScript', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const record = { name: 'r', type: 'RECORD', mode: 'NULLABLE', fields: names.map(column) };
    await call('POST', '/datasets/d/tables', { ...CREATE, schema: { fields: [record] } });
    const row = JSON.parse('{"r":{"__proto__":"p","constructor":"c","toString":"t"}}') as object;

    expect((await insert(row)).body).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });

    const stored = [{ f: [{ v: { f: [{ v: 'p' }, { v: 'c' }, { v: 't' }] } }] }];
    expect((await call('GET', `${TABLE}/data`)).body['rows']).toEqual(stored);
    const query = { query: 'SELECT r, r.__proto__ AS p FROM d.t', useLegacySql: false };
    const { rows, schema } = (await call('POST', '/queries', query)).body;
    expect(rows).toEqual([{ f: [...(stored[0]?.f ?? []), { v: 'p' }] }]);
    expect(schema).toMatchObject({ fields: [{ fields: names.map((name) => ({ name })) }, { name: 'p' }] });
  });

  describe('under concurrency', () => {
    it('loses no row of 40 clients that insert 2,000 rows each', async () => {
      await call('POST', '/datasets/d/tables', CREATE);
      const requests = Array.from({ length: 40 }, (_client, client) =>
        (async () => {
          for (let part = 0; part < 4; part += 1) {
            const reply = await insert(
              ...Array.from({ length: 500 }, (_row, row) => ({ a: `${client}-${part}-${row}` })),
            );
            expect(reply.body).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
          }
        })(),
      );
      await Promise.all(requests);

      const query = { query: 'SELECT COUNT(*), COUNT(DISTINCT a) FROM d.t', useLegacySql: false };
      expect((await call('POST', '/queries', query)).body['rows']).toEqual([
        { f: [{ v: '80000' }, { v: '80000' }] },
      ]);
    });

    it('lets exactly one of ten patches with one etag win, and the others change nothing', async () => {
      await call('POST', '/datasets/d/tables', CREATE);
      const etag = String((await call('GET', TABLE)).body['etag']);
      const patches = Array.from({ length: 10 }, (_, index) =>
        call('PATCH', TABLE, { schema: { fields: [column('a'), column(`b${index}`)] } }, { ifMatch: etag }),
      );
      const statuses = (await Promise.all(patches)).map(({ status }) => status);

      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 412)).toHaveLength(9);
      expect((await call('GET', TABLE)).body).toMatchObject({
        schema: { fields: [{ name: 'a' }, { name: `b${statuses.indexOf(200)}` }] },
      });
    });

    it('loses no row when the table is patched between appends', async () => {
      await call('POST', '/datasets/d/tables', CREATE);
      const names = ['a'];
      const work: Promise<unknown>[] = [];
      for (let round = 0; round < 10; round += 1) {
        for (let part = 0; part < 5; part += 1)
          work.push(insert(...Array.from({ length: 20 }, () => ({ a: 'x' }))));
        names.push(`c${round}`);
        work.push(call('PATCH', TABLE, { schema: { fields: names.map(column) } }));
      }
      const replies = (await Promise.all(work)) as { status: number }[];

      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      expect(await count()).toBe('1000');
    });
  });

  describe('with a metadata lag', () => {
    it('hides a new table from writers while tables.get shows it', async () => {
      await admin('PUT', '/metadata-lag', { milliseconds: 60_000 });
      await call('POST', '/datasets/d/tables', CREATE);

      expect(await call('GET', TABLE)).toMatchObject({ status: 200 });
      expect(await insert({ a: 'x' })).toMatchObject({
        status: 404,
        body: { error: { errors: [{ reason: 'notFound' }] } },
      });

      await admin('PUT', '/metadata-lag', { milliseconds: 0 });
      expect(await insert({ a: 'x' })).toMatchObject({ status: 200 });
    });

    it('hides a new column of one table from writers', async () => {
      await call('POST', '/datasets/d/tables', CREATE);
      await admin('PUT', '/metadata-lag', { milliseconds: 60_000, table: 'local-project.d.t' });
      await call('PATCH', TABLE, { schema: { fields: [column('a'), column('b')] } });

      expect((await call('GET', TABLE)).body).toMatchObject({
        schema: { fields: [{ name: 'a' }, { name: 'b' }] },
      });
      expect((await insert({ b: 'x' })).body).toMatchObject({
        insertErrors: [{ errors: [{ message: 'no such field: b.' }] }],
      });
      expect((await insert({ a: 'x' })).body).not.toHaveProperty('insertErrors');

      await admin('PUT', '/metadata-lag', { milliseconds: null, table: 'local-project.d.t' });
      expect((await insert({ b: 'x' })).body).not.toHaveProperty('insertErrors');
    });
  });

  describe('with faults', () => {
    it('answers an error at the rate and for the times asked for', async () => {
      await call('POST', '/datasets/d/tables', CREATE);
      await admin('POST', '/faults', {
        method: 'tabledata.insertAll',
        rate: 0.5,
        times: 2,
        error: { code: 503, reason: 'backendError' },
      });

      const statuses = [];
      for (let index = 0; index < 6; index += 1) statuses.push((await insert({ a: String(index) })).status);

      expect(statuses).toEqual([200, 503, 200, 503, 200, 200]);
      expect(await count()).toBe('4');
    });

    it('breaks connections, and exhausts quota', async () => {
      await admin('POST', '/faults', { method: 'tables.insert', reset: true, times: 1 });
      await expect(call('POST', '/datasets/d/tables', CREATE)).rejects.toThrow();
      await admin('POST', '/faults', { method: 'tables.insert', quota: true, times: 1 });

      expect(await call('POST', '/datasets/d/tables', CREATE)).toMatchObject({
        status: 403,
        body: { error: { errors: [{ reason: 'quotaExceeded' }] } },
      });
      expect(await call('GET', TABLE)).toMatchObject({ status: 404 });
      expect((await admin('GET', '/faults')).body).toEqual({ faults: [] });
    });

    it('refuses a fault that says nothing to do', async () => {
      expect(await admin('POST', '/faults', { method: '*' })).toMatchObject({ status: 400 });
    });
  });

  describe('with the rate limit on metadata', () => {
    it.each([
      ['5', {}, 5],
      ['50, when partitioned,', { timePartitioning: { type: 'DAY' } }, 50],
    ])('takes %s changes of one table in ten seconds', async (_name, more, limit) => {
      await call('POST', '/datasets/d/tables', { ...CREATE, ...more });
      await admin('PUT', '/metadata-rate-limit', { enabled: true });

      for (let index = 0; index < limit; index += 1)
        expect(await call('PATCH', TABLE, { description: String(index) })).toMatchObject({ status: 200 });
      const refused = await call('PATCH', TABLE, { description: 'more' });

      expect(refused).toMatchObject({
        status: 403,
        body: { error: { errors: [{ reason: 'rateLimitExceeded' }] } },
      });
      expect((await call('GET', TABLE)).body).toMatchObject({ description: String(limit - 1) });
    });
  });

  describe('limits and refusals', () => {
    it.each<[string, string, string, object | undefined, number, string]>([
      ['no rows', 'POST', `${TABLE}/insertAll`, { rows: [] }, 400, 'invalid'],
      [
        '50,001 rows',
        'POST',
        `${TABLE}/insertAll`,
        { rows: Array.from({ length: 50_001 }, () => ({ json: {} })) },
        400,
        'invalid',
      ],
      [
        'more than 10 MB',
        'POST',
        `${TABLE}/insertAll`,
        { rows: [{ json: { a: 'x'.repeat(10 * 1024 * 1024) } }] },
        413,
        'invalid',
      ],
      ['an unknown path', 'GET', '/nothing', undefined, 404, 'notFound'],
      ['models', 'GET', '/datasets/d/models', undefined, 501, 'notImplemented'],
      ['a known path with another method', 'PUT', '/queries', {}, 501, 'notImplemented'],
      ['a copy job', 'POST', '/jobs', { configuration: { copy: {} } }, 501, 'notImplemented'],
      ['a load job without a table', 'POST', '/jobs', { configuration: { load: {} } }, 400, 'invalid'],
      ['legacy SQL', 'POST', '/queries', { query: 'SELECT 1', useLegacySql: true }, 400, 'invalid'],
      [
        'an external table',
        'POST',
        '/datasets/d/tables',
        { tableReference: { tableId: 'x' }, externalDataConfiguration: {} },
        400,
        'invalid',
      ],
    ])('refuses %s', async (_name, method, path, body, status, reason) => {
      await call('POST', '/datasets/d/tables', CREATE);

      expect(await call(method, path, body)).toMatchObject({
        status,
        body: { error: { code: status, errors: [{ reason }] } },
      });
    });
  });

  it('stores what Pub/Sub writes in-process, or says why not', async () => {
    await call('POST', '/datasets/d/tables', CREATE);
    const table = { projectId: 'local-project', datasetId: 'd', tableId: 't' };

    await expect(emulator.tables.describeTable(table)).resolves.toEqual({
      kind: 'table',
      columns: [{ name: 'a', type: 'STRING' }],
    });
    await expect(emulator.tables.writeRows(table, [{ a: 'x' }])).resolves.toEqual({ kind: 'written' });
    await expect(emulator.tables.writeRows(table, [{ b: 'x' }])).resolves.toEqual({
      kind: 'failed',
      reason: 'no such field: b.',
    });
    await expect(emulator.tables.writeRows({ ...table, tableId: 'none' }, [{ a: 'x' }])).resolves.toEqual({
      kind: 'failed',
      reason: 'Not found: Table local-project:d.none',
    });
    expect(await count()).toBe('1');
  });
});
