import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalCloud, type LocalCloud } from '../../local-cloud.js';
import { finishedJob, type LoadCaller, loadCaller, type LoadJob } from '../testing/load-caller.builder.js';
import { localClient } from '../testing/local-client.builder.js';
import { type RestCaller, restCaller } from '../testing/rest-caller.builder.js';

const PORTS = { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 };
const FIELDS = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'price', type: 'NUMERIC' },
  { name: 'seen', type: 'TIMESTAMP' },
  { name: 'data', type: 'JSON' },
  { name: 'raw', type: 'BYTES' },
  { name: 'lines', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'sku', type: 'STRING' }] },
];
const ID = [{ name: 'id', type: 'INTEGER' }];

describe('load jobs of the embedded BigQuery', () => {
  let cloud: LocalCloud;
  let client: BigQuery;
  let rest: RestCaller;
  let folder: string;
  let tables = 0;

  beforeAll(async () => {
    cloud = await startLocalCloud({ ports: PORTS });
    client = localClient(cloud.ports.bigquery);
    rest = restCaller(cloud.ports.bigquery);
    await client.createDataset('d');
    folder = await mkdtemp(join(tmpdir(), 'load-'));
  });
  afterAll(async () => {
    await cloud.stop();
    await rm(folder, { recursive: true });
  });

  const nextTable = (): string => `t${(tables += 1)}`;
  const lines = (...rows: readonly unknown[]): string =>
    rows.map((row) => `${JSON.stringify(row)}\n`).join('');

  async function file(text: string | Uint8Array): Promise<string> {
    const path = join(folder, `${nextTable()}.json`);
    await writeFile(path, text);
    return path;
  }

  const load: LoadCaller = (...content) => loadCaller(cloud.ports.bigquery)(...content);
  const finished = (job: LoadJob): Promise<LoadJob> => finishedJob(cloud.ports.bigquery, job);

  async function rows(table: string, columns = '*'): Promise<unknown[]> {
    const [found] = (await client.query(`SELECT ${columns} FROM d.${table} ORDER BY id`)) as [unknown[]];
    return found;
  }

  it("loads a file through the client's table.load", async () => {
    const table = client.dataset('d').table(nextTable());
    const path = await file(lines({ id: 1 }, { id: '2' }));

    const [job] = await table.load(path, {
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields: ID },
    });
    const metadata = await finished(job as unknown as LoadJob);

    expect(metadata.statistics.load).toEqual({
      inputFiles: '1',
      inputFileBytes: '20',
      outputRows: '2',
      outputBytes: '20',
      badRecords: '0',
    });
    expect(await rows(table.id ?? '')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("loads what is written to the client's createWriteStream", async () => {
    const table = client.dataset('d').table(nextTable());
    const stream = table.createWriteStream({
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields: ID },
    });
    stream.end(lines({ id: 7 }));
    await once(stream, 'complete');

    expect(await rows(table.id ?? '')).toEqual([{ id: 7 }]);
  });

  it("loads objects of Cloud Storage through the client's createLoadJob", async () => {
    const storage = new Storage({ projectId: 'local-project', apiEndpoint: cloud.urls.storage });
    await storage.createBucket('loads');
    const bucket = storage.bucket('loads');
    await bucket.file('in/a.json').save(lines({ id: 1 }), { resumable: false });
    await bucket.file('in/b.json').save(gzipSync(lines({ id: 2 })), { resumable: false });
    await bucket.file('out/c.json').save(lines({ id: 3 }), { resumable: false });
    const table = client.dataset('d').table(nextTable());

    const [job] = await table.createLoadJob(bucket.file('in/*'), {
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields: ID },
    });
    const metadata = await finished(job.metadata as LoadJob);

    expect(metadata.statistics.load).toMatchObject({ inputFiles: '2', outputRows: '2' });
    expect(await rows(table.id ?? '')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('names the object of a bad record, and fails for a URI without an object', async () => {
    const storage = new Storage({ projectId: 'local-project', apiEndpoint: cloud.urls.storage });
    await storage.createBucket('bad-loads');
    await storage.bucket('bad-loads').file('x.json').save('{"id":"x"}\n', { resumable: false });

    const bad = await loadUris(['gs://bad-loads/x.json']);
    const missing = await loadUris(['gs://bad-loads/y*']);
    const nowhere = await loadUris(['gs://no-such-bucket/y']);

    expect(bad.status.errors?.[1]?.location).toBe('gs://bad-loads/x.json');
    expect(missing.status.errorResult).toEqual({
      reason: 'notFound',
      message: 'Not found: URI gs://bad-loads/y*',
    });
    expect(nowhere.status.errorResult?.reason).toBe('notFound');
  });

  async function loadUris(sourceUris: readonly string[]): Promise<LoadJob> {
    const destinationTable = { projectId: 'local-project', datasetId: 'd', tableId: nextTable() };
    const settings = { destinationTable, sourceUris, schema: { fields: ID } };
    const { body } = await rest('POST', '/jobs', {
      configuration: { load: { ...settings, sourceFormat: 'NEWLINE_DELIMITED_JSON' } },
    });
    return finished(body as unknown as LoadJob);
  }

  it('reads JSON as BigQuery does, every digit kept', async () => {
    const table = nextTable();
    const job = await load(
      table,
      [
        '{"id":9223372036854775807,"price":12345678901234567890123456789.123456789,"seen":"2026-11-29 12:00:00 UTC",',
        '"data":{"big":18446744073709551615,"text":"1"},"raw":"AP8=","lines":[{"sku":"a"},{}]}\n',
        '\r\n',
        '{"id":"-9223372036854775808","price":"0.5","seen":1764417600.5,"data":"text"}\r\n',
        '{"id":0,"seen":"2026-11-29T12:00:00+01:00","data":18446744073709551616,"lines":null}',
      ].join(''),
      { schema: { fields: FIELDS } },
    );

    expect(job.status).toEqual({ state: 'DONE' });
    expect(
      await rows(
        table,
        'CAST(id AS STRING) id, CAST(price AS STRING) price, STRING(seen) seen, TO_JSON_STRING(data) data, TO_HEX(raw) raw, ARRAY_LENGTH(`lines`) n',
      ),
    ).toEqual([
      {
        id: '-9223372036854775808',
        price: '0.5',
        seen: '2025-11-29 12:00:00.500+00',
        data: '"text"',
        raw: null,
        n: 0,
      },
      { id: '0', price: null, seen: '2026-11-29 11:00:00+00', data: '18446744073709551616', raw: null, n: 0 },
      {
        id: '9223372036854775807',
        price: '12345678901234567890123456789.123456789',
        seen: '2026-11-29 12:00:00+00',
        data: '{"big":18446744073709551615,"text":"1"}',
        raw: '00ff',
        n: 2,
      },
    ]);
  });

  it('loads nothing when a record is bad', async () => {
    const table = nextTable();
    const job = await load(table, '{"id":1}\n{"id":"x"}\n', { schema: { fields: ID } });

    expect(job.status).toEqual({
      state: 'DONE',
      errorResult: {
        reason: 'invalid',
        message:
          'Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: 2; errors: 1. Please look into the errors[] collection for more details.',
      },
      errors: [
        expect.objectContaining({ reason: 'invalid' }),
        {
          reason: 'invalid',
          message:
            'Error while reading data, error message: JSON parsing error in row starting at position 9: Cannot convert value to integer (bad value): x',
        },
      ],
    });
    await expect(rows(table)).rejects.toThrow('Not found: Table');
  });

  it.each([
    ['no JSON', '{"id":1', 'Parser terminated'],
    ['an unknown field', '{"id":1,"x":1}', 'no such field: x'],
    ['a missing REQUIRED field', '{}', 'Missing required field: id'],
    ['an array for a single value', '{"id":[1]}', 'Array specified for non-repeated field: id'],
    ['no object', '[1]', 'not a JSON object'],
  ])('refuses %s', async (_name, text, message) => {
    const job = await load(nextTable(), `${text}\n`, {
      schema: { fields: [{ name: 'id', type: 'INTEGER', mode: 'REQUIRED' }] },
    });
    expect(job.status.errors?.[1]?.message).toContain(message);
  });

  it('skips up to maxBadRecords bad records and shows them', async () => {
    const table = nextTable();
    const content = '{"id":1}\n{"id":"x"}\n{"id":3}\n';
    const job = await load(table, content, { schema: { fields: ID }, maxBadRecords: 1 });

    expect(job.status.errorResult).toBeUndefined();
    expect(job.status.errors).toHaveLength(1);
    expect(job.statistics.load).toMatchObject({ outputRows: '2', badRecords: '1' });
    expect(await rows(table)).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('leaves unknown values out with ignoreUnknownValues', async () => {
    const table = nextTable();
    await load(table, lines({ id: 1, x: 2 }), { schema: { fields: ID }, ignoreUnknownValues: true });
    expect(await rows(table)).toEqual([{ id: 1 }]);
  });

  it('appends, replaces or refuses by writeDisposition', async () => {
    const table = nextTable();
    await load(table, lines({ id: 1 }), { schema: { fields: ID } });
    await load(table, lines({ id: 2 }));
    const refused = await load(table, lines({ id: 3 }), { writeDisposition: 'WRITE_EMPTY' });
    expect(refused.status.errorResult).toEqual({
      reason: 'duplicate',
      message: `Already Exists: Table local-project:d.${table}`,
    });
    expect(await rows(table)).toEqual([{ id: 1 }, { id: 2 }]);

    const before = await rest('GET', `/datasets/d/tables/${table}`);
    await load(table, lines({ id: 4, name: 'x' }), {
      writeDisposition: 'WRITE_TRUNCATE',
      schema: { fields: [...ID, { name: 'name', type: 'STRING' }] },
    });
    const after = await rest('GET', `/datasets/d/tables/${table}`);

    expect(await rows(table)).toEqual([{ id: 4, name: 'x' }]);
    expect(after.body['creationTime']).toBe(before.body['creationTime']);
  });

  it('refuses a missing table with CREATE_NEVER, and a new one without a schema', async () => {
    const never = await load(nextTable(), lines({ id: 1 }), { createDisposition: 'CREATE_NEVER' });
    const schemaless = await load(nextTable(), lines({ id: 1 }));

    expect(never.status.errorResult).toMatchObject({ reason: 'notFound' });
    expect(schemaless.status.errorResult).toEqual({
      reason: 'invalid',
      message: 'No schema specified on job or table.',
    });
  });

  it('adds columns only with ALLOW_FIELD_ADDITION, nested ones too', async () => {
    const table = nextTable();
    const nested = (names: readonly string[]): object => ({
      name: 'r',
      type: 'RECORD',
      fields: names.map((name) => ({ name, type: 'STRING' })),
    });
    await load(table, lines({ id: 1, r: { a: 'x' } }), { schema: { fields: [...ID, nested(['a'])] } });
    const wider = { schema: { fields: [...ID, nested(['a', 'b']), { name: 'n', type: 'FLOAT' }] } };
    const content = lines({ id: 2, r: { b: 'y' }, n: 1.5 });

    const refused = await load(table, content, wider);
    const added = await load(table, content, { ...wider, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] });

    expect(refused.status.errorResult?.message).toContain('Cannot add fields (field: r.b)');
    expect(added.status).toEqual({ state: 'DONE' });
    expect(await rows(table)).toEqual([
      { id: 1, r: { a: 'x', b: null }, n: null },
      { id: 2, r: { a: null, b: 'y' }, n: 1.5 },
    ]);
  });

  it('makes the table with partitions, clusters and properties', async () => {
    const table = nextTable();
    await load(table, lines({ id: 1, at: '2026-11-29 00:00:00' }), {
      schema: { fields: [...ID, { name: 'at', type: 'TIMESTAMP' }] },
      timePartitioning: { type: 'DAY', field: 'at' },
      clustering: { fields: ['id'] },
      destinationTableProperties: { description: 'staged', labels: { kind: 'staging' } },
    });
    const { body } = await rest('GET', `/datasets/d/tables/${table}`);

    expect(body).toMatchObject({
      timePartitioning: { type: 'DAY', field: 'at' },
      clustering: { fields: ['id'] },
      description: 'staged',
      labels: { kind: 'staging' },
      numRows: '1',
    });
    const other = await load(table, lines({ id: 2 }), { timePartitioning: { type: 'HOUR', field: 'at' } });
    expect(other.status.errorResult?.message).toContain('Incompatible table partitioning specification');
  });

  it.each([
    [{ autodetect: true }, 'autodetect'],
    [{ sourceFormat: 'PARQUET' }, 'sourceFormat PARQUET'],
    [{ writeDisposition: 'WRITE_SOMETIMES' }, 'writeDisposition'],
    [{ schemaUpdateOptions: ['X'] }, 'schemaUpdateOptions'],
    [{ maxBadRecords: -1 }, 'maxBadRecords'],
    [{ hivePartitioningOptions: { mode: 'AUTO' } }, 'hivePartitioningOptions'],
    [{ destinationTable: { datasetId: 'd', tableId: 't$20260101' } }, '($)'],
    [{ destinationTable: {} }, 'destination table'],
  ])('refuses %j by name with 400', async (configuration, message) => {
    const answer = (await load(nextTable(), lines({ id: 1 }), configuration)) as unknown as {
      error: { code: number; message: string };
    };
    expect(answer.error.code).toBe(400);
    expect(answer.error.message).toContain(message);
  });

  it('is not in the way of rows that are appended meanwhile, and both are there', async () => {
    const table = nextTable();
    await client.dataset('d').createTable(table, { schema: { fields: ID } });
    const many = lines(...Array.from({ length: 5_000 }, (_, id) => ({ id })));

    await Promise.all([
      load(table, many),
      ...Array.from({ length: 20 }, (_, n) =>
        client
          .dataset('d')
          .table(table)
          .insert([{ id: 10_000 + n }]),
      ),
    ]);

    const [[counted]] = await client.query(`SELECT COUNT(DISTINCT id) n, COUNT(*) m FROM d.${table}`);
    expect(counted).toEqual({ n: 5_020, m: 5_020 });
  });

  describe('resumable uploads', () => {
    async function start(table: string): Promise<string> {
      const destinationTable = { projectId: 'local-project', datasetId: 'd', tableId: table };
      const settings = { destinationTable, sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: { fields: ID } };
      const response = await fetch(
        `${cloud.urls.bigquery}/resumable/upload/bigquery/v2/projects/local-project/jobs?uploadType=resumable`,
        { method: 'POST', body: JSON.stringify({ configuration: { load: settings } }) },
      );
      expect(response.status).toBe(200);
      return response.headers.get('location') ?? '';
    }
    const put = (url: string, range: string, body = ''): Promise<Response> =>
      fetch(url, { method: 'PUT', headers: { 'content-range': range }, body });

    it('take chunks, say how far they are, ignore what they have, and start one job', async () => {
      const table = nextTable();
      const url = await start(table);
      const content = lines({ id: 1 }, { id: 2 });

      const first = await put(url, 'bytes 0-9/*', content.slice(0, 10));
      expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-9']);
      const status = await put(url, `bytes */${content.length}`);
      expect([status.status, status.headers.get('range')]).toEqual([308, 'bytes=0-9']);
      const gap = await put(url, `bytes 12-17/${content.length}`, content.slice(12));
      expect(gap.status).toBe(400);
      const last = await put(url, `bytes 5-17/${content.length}`, content.slice(5));
      const job = (await last.json()) as LoadJob;
      const again = (await (await put(url, `bytes */${content.length}`)).json()) as LoadJob;

      expect(again.jobReference).toEqual(job.jobReference);
      expect((await finished(job)).status).toEqual({ state: 'DONE' });
      expect(await rows(table)).toEqual([{ id: 1 }, { id: 2 }]);
    });

    it('take everything in one request without a range', async () => {
      const table = nextTable();
      const response = await fetch(await start(table), { method: 'PUT', body: lines({ id: 5 }) });
      await finished((await response.json()) as LoadJob);
      expect(await rows(table)).toEqual([{ id: 5 }]);
    });

    it('can be cancelled, and are unknown then', async () => {
      const url = await start(nextTable());
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(499);
      expect((await put(url, 'bytes */5')).status).toBe(404);
    });
  });

  it.each([
    ['another upload type', 'uploadType=media', 400],
    ['no boundary', 'uploadType=multipart', 400],
  ])('refuses %s', async (_name, query, status) => {
    const url = `${cloud.urls.bigquery}/upload/bigquery/v2/projects/local-project/jobs?${query}`;
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(status);
  });
});
