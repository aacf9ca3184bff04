import { deflateRawSync } from 'node:zlib';
import type { BigQuery } from '@google-cloud/bigquery';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import avro, { type Schema, type Type } from 'avsc';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { type LoadCaller, loadCaller } from '../testing/load-caller.builder.js';
import { localClient } from '../testing/local-client.builder.js';
import { type RestCaller, restCaller } from '../testing/rest-caller.builder.js';

const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: () => 0,
});
const HEADER = avro.Type.forSchema({
  type: 'record',
  name: 'header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: 16 } },
  ],
});
const BLOCK = avro.Type.forSchema({
  type: 'record',
  name: 'block',
  fields: [
    { name: 'count', type: 'long' },
    { name: 'data', type: 'bytes' },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: 16 } },
  ],
});
const SYNC = Buffer.from('0123456789abcdef');

/** An Avro file of one block per row. */
function file(schema: Schema, rows: readonly unknown[], codec = 'deflate'): Buffer {
  const type: Type = avro.Type.forSchema(schema, {
    wrapUnions: 'never',
    typeHook: (part) => (part === 'long' || (part as { type?: unknown }).type === 'long' ? LONG : undefined),
  });
  const meta = { 'avro.schema': Buffer.from(JSON.stringify(schema)), 'avro.codec': Buffer.from(codec) };
  const blocks = rows.map((row) => {
    const data = type.toBuffer(row);
    return BLOCK.toBuffer({ count: 1, data: codec === 'deflate' ? deflateRawSync(data) : data, sync: SYNC });
  });
  return Buffer.concat([HEADER.toBuffer({ magic: Buffer.from('Obj\u0001'), meta, sync: SYNC }), ...blocks]);
}

const nullable = (type: unknown): unknown => ['null', type];
const record = (fields: Readonly<Record<string, unknown>>): Schema =>
  ({
    type: 'record',
    name: 'row',
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  }) as Schema;

describe('load jobs of Avro', () => {
  let emulator: BigqueryEmulator;
  let client: BigQuery;
  let rest: RestCaller;
  let tables = 0;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    client = localClient(emulator.port);
    rest = restCaller(emulator.port);
    await client.createDataset('d');
  });
  afterAll(() => emulator.stop());

  const nextTable = (): string => `t${(tables += 1)}`;

  const load: LoadCaller = (table, content, settings) =>
    loadCaller(emulator.port)(table, content, { sourceFormat: 'AVRO', ...settings });

  async function fields(table: string): Promise<unknown> {
    const { body } = await rest('GET', `/datasets/d/tables/${table}`);
    return (body['schema'] as { fields: unknown }).fields;
  }

  const rowText = async (table: string): Promise<string[]> => {
    const [found] = (await client.query(`SELECT TO_JSON_STRING(t) AS j FROM d.${table} t ORDER BY 1`)) as [
      { j: string }[],
    ];
    return found.map(({ j }) => j);
  };

  it('derives columns from the schema of the file and keeps every digit', async () => {
    const table = nextTable();
    const schema = record({
      id: 'long',
      small: 'int',
      ok: nullable('boolean'),
      ratio: nullable('double'),
      name: nullable('string'),
      raw: nullable('bytes'),
      data: nullable({ type: 'string', sqlType: 'JSON' }),
      at: nullable({ type: 'long', logicalType: 'timestamp-micros' }),
      ms: nullable({ type: 'long', logicalType: 'timestamp-millis' }),
      local: nullable({ type: 'long', logicalType: 'local-timestamp-micros' }),
      day: nullable({ type: 'int', logicalType: 'date' }),
      clock: nullable({ type: 'long', logicalType: 'time-micros' }),
      price: nullable({ type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 }),
      kind: nullable({ type: 'enum', name: 'kind', symbols: ['A', 'B'] }),
      tags: { type: 'array', items: 'string' },
      counts: nullable({ type: 'map', values: 'long' }),
      lines: nullable({
        type: 'array',
        items: { type: 'record', name: 'line', fields: [{ name: 'sku', type: ['null', 'string'] }] },
      }),
    });
    const price = Buffer.alloc(16);
    price.writeBigInt64BE(-1n, 0);
    price.writeBigInt64BE(-1_500_000_000n, 8);
    const full = {
      id: 9223372036854775807n,
      small: -5,
      ok: true,
      ratio: 0.1,
      name: '\uFEFFnäme',
      raw: Buffer.from([0, 255]),
      data: '{"big":18446744073709551615}',
      at: 1764417600000001n,
      ms: 1764417600001n,
      local: 0n,
      day: -1,
      clock: 1n,
      price,
      kind: 'B',
      tags: ['a', ''],
      counts: { x: 7n },
      lines: [{ sku: 'q' }, { sku: null }],
    };
    const empty = Object.fromEntries(Object.keys(full).map((key) => [key, null]));
    const job = await load(
      table,
      file(schema, [full, { ...empty, id: -9223372036854775808n, small: 0, tags: [] }]),
      { useAvroLogicalTypes: true },
    );

    expect(job.status).toEqual({ state: 'DONE' });
    const column = (name: string, type: string, mode = 'NULLABLE', inner?: object[]): object =>
      inner === undefined ? { name, type, mode } : { name, type, mode, fields: inner };
    expect(await fields(table)).toEqual([
      column('id', 'INTEGER', 'REQUIRED'),
      column('small', 'INTEGER', 'REQUIRED'),
      column('ok', 'BOOLEAN'),
      column('ratio', 'FLOAT'),
      column('name', 'STRING'),
      column('raw', 'BYTES'),
      column('data', 'JSON'),
      column('at', 'TIMESTAMP'),
      column('ms', 'TIMESTAMP'),
      column('local', 'DATETIME'),
      column('day', 'DATE'),
      column('clock', 'TIME'),
      column('price', 'NUMERIC'),
      column('kind', 'STRING'),
      column('tags', 'STRING', 'REPEATED'),
      column('counts', 'RECORD', 'REPEATED', [
        column('key', 'STRING', 'REQUIRED'),
        column('value', 'INTEGER', 'REQUIRED'),
      ]),
      column('lines', 'RECORD', 'REPEATED', [column('sku', 'STRING')]),
    ]);
    const loaded = await rowText(table);
    expect(loaded[1]).toBe(
      '{"id":"9223372036854775807","small":-5,"ok":true,"ratio":0.1,"name":"\uFEFFnäme","raw":"AP8=",' +
        '"data":{"big":18446744073709551615},"at":"2025-11-29T12:00:00.000001Z","ms":"2025-11-29T12:00:00.001Z",' +
        '"local":"1970-01-01T00:00:00","day":"1969-12-31","clock":"00:00:00.000001","price":"-1.5","kind":"B","tags":["a",""],' +
        '"counts":[{"key":"x","value":7}],"lines":[{"sku":"q"},{"sku":null}]}',
    );
    expect(loaded[0]).toContain('"id":"-9223372036854775808"');
    expect(loaded[0]).toContain('"tags":[],"counts":[],"lines":[]');
  });

  it('reads dates and times as numbers without useAvroLogicalTypes', async () => {
    const table = nextTable();
    const schema = record({ at: { type: 'long', logicalType: 'timestamp-micros' } });
    await load(table, file(schema, [{ at: 5n }], 'null'));
    expect(await fields(table)).toEqual([{ name: 'at', type: 'INTEGER', mode: 'REQUIRED' }]);
  });

  it.each([
    [['NUMERIC', 'BIGNUMERIC'], 'BIGNUMERIC'],
    [['STRING', 'NUMERIC'], 'STRING'],
  ])('takes the first of %j that holds a decimal', async (decimalTargetTypes, expected) => {
    const table = nextTable();
    const schema = record({ x: { type: 'bytes', logicalType: 'decimal', precision: 40, scale: 20 } });
    await load(table, file(schema, [{ x: Buffer.from([1]) }]), { decimalTargetTypes });

    expect(await fields(table)).toEqual([{ name: 'x', type: expected, mode: 'REQUIRED' }]);
    const [[row]] = (await client.query(`SELECT CAST(x AS STRING) x FROM d.${table}`)) as [[{ x: string }]];
    expect(row.x).toBe('0.00000000000000000001');
  });

  it('follows an explicit schema, in its order and with wider types', async () => {
    const table = nextTable();
    const schema = record({ a: 'long', b: nullable('string') });
    const wanted = [
      { name: 'b', type: 'STRING' },
      { name: 'a', type: 'NUMERIC' },
      { name: 'c', type: 'STRING', mode: 'REPEATED' },
    ];
    await load(table, file(schema, [{ a: 3n, b: null }]), { schema: { fields: wanted } });

    expect(await rowText(table)).toEqual(['{"b":null,"a":3,"c":[]}']);
  });

  it('appends to a table, with new columns if that is allowed', async () => {
    const table = nextTable();
    await load(table, file(record({ a: nullable('long') }), [{ a: 1n }]));
    const wider = file(record({ a: nullable('long'), b: nullable('string') }), [{ a: 2n, b: 'x' }]);

    const refused = await load(table, wider);
    const added = await load(table, wider, { schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] });

    expect(refused.status.errorResult?.message).toContain('Cannot add fields (field: b)');
    expect(added.status.errorResult).toBeUndefined();
    expect(await rowText(table)).toEqual(['{"a":1,"b":null}', '{"a":2,"b":"x"}']);
  });

  it.each<[string, Buffer, string]>([
    ['what is no Avro', Buffer.from('{"a":1}\n'), 'no Avro container'],
    [
      'a file that is cut off',
      file(record({ a: 'string' }), [{ a: 'xxxxxxxx' }]).subarray(0, -20),
      'cut off',
    ],
    ['another codec', file(record({ a: 'string' }), [], 'snappy'), 'codec snappy is not supported'],
    ['a union of several types', file(record({ a: ['string', 'int'] }), []), 'union of 2 types'],
    [
      'an array of arrays',
      file(record({ a: { type: 'array', items: { type: 'array', items: 'int' } } }), []),
      'array of arrays',
    ],
    [
      'JSON that is none',
      file(record({ a: { type: 'string', sqlType: 'JSON' } }), [{ a: '{' }]),
      'Avro table encountered too many errors',
    ],
  ])('refuses %s and makes no table', async (_name, content, message) => {
    const table = nextTable();
    const job = await load(table, content);

    expect(job.status.errorResult?.message).toContain(message);
    expect((await rest('GET', `/datasets/d/tables/${table}`)).status).toBe(404);
  });
});
