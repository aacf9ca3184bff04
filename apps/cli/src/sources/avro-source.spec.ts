import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import { buffer } from 'node:stream/consumers';
import { deflateRaw } from 'node:zlib';
import { avroEvents } from './avro-source.js';
import type { SourceEvent } from './source-line.js';

type Schema = avro.schema.AvroSchema;

async function file(
  schema: Schema | avro.Type,
  records: readonly unknown[],
  codec = 'null',
): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(schema, {
    codec,
    codecs: { ...avro.streams.BlockEncoder.defaultCodecs(), deflate: deflateRaw },
  });
  for (const record of records) encoder.write(record);
  encoder.end();
  return buffer(encoder);
}

/** Seven bytes at a time: every border is crossed. */
async function eventsOf(bytes: Buffer): Promise<SourceEvent[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes.length; start += 7)
      yield await Promise.resolve(bytes.subarray(start, start + 7));
  }
  const events: SourceEvent[] = [];
  for await (const event of avroEvents('f.avro', chunks())) events.push(event);
  return events;
}

const record = (type: unknown): Schema =>
  ({ type: 'record', name: 'R', fields: [{ name: 'v', type }] }) as Schema;

async function written(type: unknown, value: unknown): Promise<string> {
  const [event] = await eventsOf(await file(record(type), [{ v: value }]));
  return event?.bytes.toString() ?? '';
}

const PUBSUB: Schema = {
  type: 'record',
  name: 'PubsubMessage',
  namespace: 'com.google.pubsub',
  fields: [
    { name: 'subscription_name', type: 'string' },
    { name: 'message_id', type: 'string' },
    { name: 'publish_time', type: { type: 'long', logicalType: 'timestamp-micros' } as unknown as Schema },
    { name: 'attributes', type: { type: 'map', values: 'string' } },
    { name: 'data', type: 'bytes' },
  ],
};

describe('avroEvents', () => {
  it.each<[string, unknown, unknown, string]>([
    ['null', 'null', null, 'null'],
    ['a boolean', 'boolean', true, 'true'],
    ['an int', 'int', -7, '-7'],
    ['a long', 'long', 9_007_199_254_740_990, '9007199254740990'],
    ['a double', 'double', 1e-7, '1e-7'],
    ['what JSON has no number for', 'double', Number.NaN, '"NaN"'],
    ['bytes', 'bytes', Buffer.from([0, 255]), '"AP8="'],
    ['text', 'string', 'it’s "quoted"\n', String.raw`"it’s \"quoted\"\n"`],
    ['text that is JSON', { type: 'string', sqlType: 'JSON' }, '{"a":1.10}', '{"a":1.10}'],
    ['an enum', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B', '"B"'],
    ['an array', { type: 'array', items: 'int' }, [1, 2], '[1,2]'],
    ['a map', { type: 'map', values: 'string' }, { 'a"b': 'c' }, String.raw`{"a\"b":"c"}`],
    ['an empty value of a union', ['null', 'string'], null, 'null'],
    ['a value of a union', ['null', 'string'], 'x', '"x"'],
    [
      'an instant in a union',
      ['null', { type: 'long', logicalType: 'timestamp-micros' }],
      1,
      '"1970-01-01T00:00:00.000001Z"',
    ],
    ['a date', { type: 'int', logicalType: 'date' }, 20_786, '"2026-11-29"'],
    ['a day before 1970', { type: 'int', logicalType: 'date' }, -1, '"1969-12-31"'],
    ['a time', { type: 'long', logicalType: 'time-micros' }, 1, '"00:00:00.000001"'],
    ['an instant', { type: 'long', logicalType: 'timestamp-micros' }, -1, '"1969-12-31T23:59:59.999999Z"'],
    [
      'milliseconds',
      { type: 'long', logicalType: 'timestamp-millis' },
      1_500,
      '"1970-01-01T00:00:01.500000Z"',
    ],
    [
      'a local time',
      { type: 'long', logicalType: 'local-timestamp-millis' },
      0,
      '"1970-01-01T00:00:00.000000"',
    ],
    [
      'a decimal',
      { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 },
      Buffer.from([0x04, 0xd2]),
      '12.34',
    ],
    [
      'a negative decimal below one',
      { type: 'fixed', name: 'F', size: 2, logicalType: 'decimal', precision: 4, scale: 3 },
      Buffer.from([0xff, 0xff]),
      '-0.001',
    ],
  ])('writes %s', async (_what, type, value, json) => {
    expect(await written(type, value)).toBe(`{"v":${json}}`);
  });

  it('reads longs to their last digit', async () => {
    const long = avro.types.LongType.__with({
      fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
      toBuffer: (value: bigint) => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(value);
        return bytes;
      },
      fromJSON: BigInt,
      toJSON: String,
      isValid: (value: unknown) => typeof value === 'bigint',
      compare: () => 0,
    });
    const type = avro.Type.forSchema(record('long'), { registry: { long } });

    const [event] = await eventsOf(await file(type, [{ v: -9_223_372_036_854_775_808n }]));

    expect(event?.bytes.toString()).toBe('{"v":-9223372036854775808}');
  });

  it('writes nested records and types that name themselves', async () => {
    const tag = { type: 'record', name: 'Tag', fields: [{ name: 't', type: 'string' }] };
    const node = {
      type: 'record',
      name: 'Node',
      namespace: 'a.b',
      fields: [
        { name: 'id', type: 'int' },
        { name: 'next', type: ['null', 'Node'] },
        { name: 'tags', type: { type: 'array', items: tag } },
        { name: 'main', type: ['null', 'Tag'] },
      ],
    } as unknown as Schema;
    const last = { id: 2, next: null, tags: [], main: null };
    const value = { id: 1, next: last, tags: [{ t: 'x' }], main: { t: 'y' } };

    const [event] = await eventsOf(await file(node, [value]));

    expect(event?.bytes.toString()).toBe(JSON.stringify(value));
  });

  it('gives back the messages of the Cloud Storage copy, with attributes, id and publish time', async () => {
    const data = Buffer.from('{"event_type":"order","n":1.10}');
    const attributes = { source: 'shop', orderingKey: 'k' };
    const message = { subscription_name: 's', message_id: '17', publish_time: 1_500_001, attributes, data };

    expect(await eventsOf(await file(PUBSUB, [message], 'deflate'))).toEqual([
      {
        bytes: data,
        attributes: { source: 'shop' },
        original: { messageId: '17', publishedAt: '1970-01-01T00:00:01.500001Z' },
      },
    ]);
  });

  it('gives nothing of a file without records', async () => {
    const bytes = await file(record('string'), [{ v: 'x' }]);

    // Its only block: a count, a size, two bytes and the mark.
    expect(await eventsOf(bytes.subarray(0, -20))).toEqual([]);
  });

  it.each([
    ['in its header', 30],
    ['in a block', -20],
    ['in the mark at the end', -1],
  ])('refuses a file that is cut off %s', async (_where, end) => {
    const bytes = await file(record('string'), [{ v: 'x'.repeat(100) }]);

    await expect(eventsOf(bytes.subarray(0, end))).rejects.toThrow(/f\.avro is an Avro file.* cut off/);
  });

  it('refuses a file whose blocks are damaged', async () => {
    const bytes = await file(record('string'), [{ v: 'to be damaged, not cut off' }], 'deflate');
    bytes.fill(0xff, bytes.length - 24, bytes.length - 16);

    await expect(eventsOf(bytes)).rejects.toThrow(/f\.avro is an Avro file and broken/);
  });
});
