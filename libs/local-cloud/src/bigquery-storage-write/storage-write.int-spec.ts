import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adapt, managedwriter, protos } from '@google-cloud/bigquery-storage';
import { credentials } from '@grpc/grpc-js';
import { type BigqueryEmulator, startBigqueryEmulator } from '../bigquery/index.js';
import { restCaller, type RestCaller } from '../bigquery/testing/rest-caller.builder.js';

type Response = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
type JsonRows = Parameters<managedwriter.JSONWriter['appendRows']>[0];
type DescriptorProto = typeof protos.google.protobuf.DescriptorProto.prototype;

const { FULL } = protos.google.cloud.bigquery.storage.v1.WriteStreamView;
const TABLE = 'projects/local-project/datasets/d/tables/t';
const column = (name: string, type: string, mode = 'NULLABLE', fields?: object[]): object => ({
  name,
  type,
  mode,
  ...(fields === undefined ? {} : { fields }),
});

interface Writer {
  readonly broken: Promise<unknown>;
  append(rows: JsonRows): Promise<Response>;
  close(): void;
}

describe('the embedded Storage Write API, through @google-cloud/bigquery-storage', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;
  let client: managedwriter.WriterClient;
  let serial = 0;
  let table = TABLE;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
    client = new managedwriter.WriterClient({
      projectId: 'local-project',
      apiEndpoint: '127.0.0.1',
      port: emulator.storageWritePort,
      sslCreds: credentials.createInsecure(),
    });
  });
  afterAll(async () => {
    client.close();
    await emulator.stop();
  });
  beforeEach(() => {
    serial += 1;
    table = `projects/local-project/datasets/d/tables/t${serial}`;
  });

  const create = (fields: object[]): Promise<unknown> =>
    call('POST', '/datasets/d/tables', { tableReference: { tableId: `t${serial}` }, schema: { fields } });
  const patch = (fields: object[]): Promise<unknown> =>
    call('PATCH', `/datasets/d/tables/t${serial}`, { schema: { fields } });
  const rows = async (): Promise<unknown> =>
    (await call('GET', `/datasets/d/tables/t${serial}/data?formatOptions.useInt64Timestamp=true`)).body[
      'rows'
    ];

  async function descriptorOf(stream = `${table}/_default`): Promise<DescriptorProto> {
    const found = await client.getWriteStream({ streamId: stream, view: FULL });
    const schema = found.tableSchema;
    if (schema === null || schema === undefined) throw new Error('The stream shows no schema.');
    return adapt.convertStorageSchemaToProto2Descriptor(schema, 'root');
  }

  async function connect(
    descriptor: DescriptorProto,
    destination = `${table}/streams/_default`,
  ): Promise<Writer> {
    const connection = await client.createStreamConnection({ streamId: destination });
    const broken = new Promise((resolve) => {
      connection.onConnectionError(resolve);
    });
    const writer = new managedwriter.JSONWriter({ connection, protoDescriptor: descriptor });
    return {
      broken,
      append: (list) => writer.appendRows(list).getResult(),
      close: () => {
        writer.close();
        connection.close();
      },
    };
  }

  it('shows a table schema with every type, mode and nested field', async () => {
    await create([
      column('id', 'INT64', 'REQUIRED'),
      column('r', 'RECORD', 'REPEATED', [column('n', 'NUMERIC'), column('b', 'BIGNUMERIC')]),
    ]);

    const stream = await client.getWriteStream({ streamId: `${table}/streams/_default`, view: FULL });

    expect(stream.tableSchema?.fields).toMatchObject([
      { name: 'id', type: 'INT64', mode: 'REQUIRED' },
      {
        name: 'r',
        type: 'STRUCT',
        mode: 'REPEATED',
        fields: [
          { name: 'n', type: 'NUMERIC' },
          { name: 'b', type: 'BIGNUMERIC' },
        ],
      },
    ]);
  });

  it('stores rows of every type exactly', async () => {
    await create([
      column('i', 'INT64'),
      column('f', 'FLOAT64'),
      column('b', 'BOOL'),
      column('s', 'STRING'),
      column('y', 'BYTES'),
      column('n', 'NUMERIC'),
      column('g', 'BIGNUMERIC'),
      column('d', 'DATE'),
      column('t', 'TIME'),
      column('dt', 'DATETIME'),
      column('ts', 'TIMESTAMP'),
      column('j', 'JSON'),
      column('list', 'INT64', 'REPEATED'),
      column('r', 'RECORD', 'REPEATED', [
        column('a', 'STRING'),
        column('x', 'RECORD', 'NULLABLE', [column('n', 'NUMERIC')]),
      ]),
    ]);
    const writer = await connect(await descriptorOf());

    const response = await writer.append([
      {
        i: '9007199254740993',
        f: 0.1,
        b: true,
        s: 'ü😀',
        y: Buffer.from([0, 255]) as unknown as string,
        n: '-99999999999999999999999999999.999999999',
        g: '12345678901234567890123456789012345678.12345678901234567890123456789012345678',
        d: 20_000,
        t: '23:59:59.999999',
        dt: '2026-01-02 03:04:05.678901',
        ts: 1_767_323_045_678_901,
        j: '{"a":[1,null]}',
        list: [1, 2],
        r: [{ a: 'x', x: { n: '1.5' } }, { a: 'y' }],
      },
      {},
    ]);
    writer.close();

    expect(response.rowErrors).toEqual([]);
    expect(response.error ?? null).toBeNull();
    const nothing = Array.from({ length: 12 }, () => ({ v: null }));
    expect(await rows()).toEqual([
      {
        f: [
          '9007199254740993',
          '0.1',
          'true',
          'ü😀',
          'AP8=',
          '-99999999999999999999999999999.999999999',
          '12345678901234567890123456789012345678.12345678901234567890123456789012345678',
          '2024-10-04',
          '23:59:59.999999',
          '2026-01-02T03:04:05.678901',
          '1767323045678901',
          '{"a":[1,null]}',
          [{ v: '1' }, { v: '2' }],
          [{ v: { f: [{ v: 'x' }, { v: { f: [{ v: '1.5' }] } }] } }, { v: { f: [{ v: 'y' }, { v: null }] } }],
        ].map((v) => ({ v })),
      },
      { f: [...nothing, { v: [] }, { v: [] }] },
    ]);
  });

  it('answers SCHEMA_MISMATCH_EXTRA_FIELDS for a field that the table has not, and stores nothing', async () => {
    await create([column('a', 'STRING'), column('b', 'STRING')]);
    const descriptor = await descriptorOf();
    await call('DELETE', `/datasets/d/tables/t${serial}`);
    await create([column('a', 'STRING')]);
    const writer = await connect(descriptor);

    const failure = await writer.append([{ a: 'x', b: 'y' }]).catch((error: unknown) => error);
    writer.close();

    const shown = JSON.stringify(failure) + String(failure);
    expect(shown).toContain('Schema mismatch due to extra fields in user schema: b');
    expect(await rows()).toBeUndefined();
  });

  it('names the bad rows and stores none of that append', async () => {
    await create([column('n', 'NUMERIC')]);
    const writer = await connect(await descriptorOf());

    const failure = await writer
      .append([{ n: '1' }, { n: 'x' }, { n: '3' }])
      .catch((error: unknown) => error);
    const after = await writer.append([{ n: '2' }]);
    writer.close();

    expect(JSON.stringify(failure)).toContain('Invalid NUMERIC value: x');
    expect(after.rowErrors).toEqual([]);
    expect(await rows()).toEqual([{ f: [{ v: '2' }] }]);
  });

  it('informs a connection once that the schema has changed', async () => {
    await create([column('a', 'STRING')]);
    const writer = await connect(await descriptorOf());
    const first = await writer.append([{ a: '1' }]);
    await patch([column('a', 'STRING'), column('b', 'STRING')]);

    const second = await writer.append([{ a: '2' }]);
    const third = await writer.append([{ a: '3' }]);
    writer.close();

    expect(first.updatedSchema ?? null).toBeNull();
    expect(second.updatedSchema?.fields?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(third.updatedSchema ?? null).toBeNull();
  });

  it('hides a new column until the metadata lag is over', async () => {
    await create([column('a', 'STRING')]);
    const lag = (milliseconds: number | null): Promise<unknown> =>
      call(
        'PUT',
        '/admin/metadata-lag',
        { milliseconds, table: `local-project.d.t${serial}` },
        { root: true },
      );
    await lag(60_000);
    await patch([column('a', 'STRING'), column('b', 'STRING')]);

    const before = (await descriptorOf()).field.map(({ name }) => name);
    await lag(null);
    const after = (await descriptorOf()).field.map(({ name }) => name);

    expect([before, after]).toEqual([['a'], ['a', 'b']]);
  });

  it('answers NOT_FOUND for a missing table', async () => {
    await create([column('a', 'STRING')]);
    const descriptor = await descriptorOf();
    await call('DELETE', `/datasets/d/tables/t${serial}`);

    await expect(client.getWriteStream({ streamId: `${table}/streams/_default` })).rejects.toMatchObject({
      code: 5,
    });
    const writer = await connect(descriptor);
    void writer.append([{ a: 'x' }]).catch(() => undefined);

    await expect(writer.broken).resolves.toMatchObject({ code: 5 });
    writer.close();
  });
});
