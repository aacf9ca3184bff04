import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Column, ColumnType, JsonValue } from '@pipeline/schema-inference';
import avro from 'avsc';
import fc from 'fast-check';
import { AvroFile, avroSchema } from './avro-file.js';

const column = (name: string, type: ColumnType, rest: Partial<Column> = {}): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  ...rest,
});

const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: () => Buffer.alloc(8),
  fromJSON: BigInt,
  toJSON: String,
  isValid: () => true,
  compare: () => 0,
});

/** The rows of a file as another implementation of Avro reads them. */
async function decode(file: Buffer): Promise<unknown[]> {
  const decoder = new avro.streams.BlockDecoder({
    parseHook: (schema: avro.Schema) =>
      avro.Type.forSchema(schema, {
        typeHook: (part: unknown) =>
          part === 'long' || (part as { type?: unknown }).type === 'long' ? LONG : undefined,
      }),
  });
  const rows: unknown[] = [];
  for await (const row of Readable.from([file]).pipe(decoder)) rows.push(row);
  return rows.map((row) => JSON.parse(JSON.stringify(row, bigintText)) as unknown);
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

async function written(columns: readonly Column[], ...rows: Record<string, JsonValue>[]): Promise<unknown[]> {
  const file = new AvroFile(columns);
  for (const row of rows) file.add(row);
  return decode(file.finish());
}

describe('AvroFile', () => {
  it('writes every type with the logical type that BigQuery loads exactly', () => {
    const types: readonly ColumnType[] = [
      'INT64',
      'NUMERIC',
      'BIGNUMERIC',
      'DATE',
      'DATETIME',
      'TIMESTAMP',
      'JSON',
    ];

    expect(avroSchema(types.map((type) => column(type.toLowerCase(), type)))).toEqual({
      type: 'record',
      name: 'Record0',
      fields: [
        { name: 'int64', type: ['null', 'long'] },
        {
          name: 'numeric',
          type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 }],
        },
        {
          name: 'bignumeric',
          type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 76, scale: 38 }],
        },
        { name: 'date', type: ['null', { type: 'int', logicalType: 'date' }] },
        { name: 'datetime', type: ['null', { type: 'long', logicalType: 'local-timestamp-micros' }] },
        { name: 'timestamp', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }] },
        { name: 'json', type: ['null', { type: 'string', sqlType: 'JSON' }] },
      ],
    });
  });

  it.each<[ColumnType, JsonValue, unknown]>([
    ['BOOL', true, true],
    ['BOOL', false, false],
    ['INT64', 0, '0'],
    ['INT64', -1, '-1'],
    ['INT64', 0x3fffffff, '1073741823'],
    ['INT64', 0x40000000, '1073741824'],
    ['INT64', -0x40000001, '-1073741825'],
    ['INT64', '9223372036854775807', '9223372036854775807'],
    ['INT64', '-9223372036854775808', '-9223372036854775808'],
    ['FLOAT64', 1e-7, 1e-7],
    ['STRING', 'héllo \u{1f600}', 'héllo \u{1f600}'],
    ['JSON', '{"a":18446744073709551615}', '{"a":18446744073709551615}'],
    ['DATE', '1969-12-31', -1],
    ['DATE', '9999-12-31', 2_932_896],
    ['TIMESTAMP', '1970-01-01T00:00:00.000001Z', '1'],
    ['TIMESTAMP', '0001-01-01T00:00:00Z', '-62135596800000000'],
    ['TIMESTAMP', '2026-11-29T10:00:00+02:00', '1795939200000000'],
    ['DATETIME', '1970-01-01T00:00:01', '1000000'],
    ['STRING', null, null],
  ])('writes %s %p', async (type, value, expected) => {
    expect(await written([column('v', type)], { v: value })).toEqual([{ v: expected }]);
  });

  it.each([
    ['NUMERIC', '0', '00'],
    ['NUMERIC', '1.5', '59682f00'],
    ['NUMERIC', '-0.000000001', 'ff'],
    ['NUMERIC', '0.000000128', '0080'],
    ['NUMERIC', '-0.000000128', '80'],
    ['NUMERIC', '1.50000000000', '59682f00'],
    ['BIGNUMERIC', `0.${'0'.repeat(37)}1`, '01'],
  ] as const)('writes %s %s as two’s complement', async (type, value, hex) => {
    const [row] = await written([column('v', type)], { v: value });

    expect(Buffer.from((row as { v: { data: number[] } }).v.data).toString('hex')).toBe(hex);
  });

  it('writes records and arrays, an element without values included', async () => {
    const columns = [
      column('r', 'RECORD', {
        columns: [column('a', 'INT64'), column('tags', 'STRING', { mode: 'REPEATED' })],
      }),
      column('items', 'RECORD', { mode: 'REPEATED', columns: [column('sku', 'STRING')] }),
    ];

    expect(
      await written(
        columns,
        { r: { a: 1, tags: ['x', 'y'] }, items: [{ sku: 'a' }, {}] },
        { r: null, items: null },
      ),
    ).toEqual([
      { r: { a: '1', tags: ['x', 'y'] }, items: [{ sku: 'a' }, { sku: null }] },
      { r: null, items: [] },
    ]);
  });

  it('refuses a value that is not of the type', () => {
    const file = new AvroFile([column('d', 'DATE'), column('n', 'NUMERIC')]);

    expect(() => {
      file.add({ d: '2026-02-30' });
    }).toThrow('No date: 2026-02-30');
    expect(() => {
      file.add({ n: '0.0000000001' });
    }).toThrow('No decimal of scale 9: 0.0000000001');
  });

  it('gives back texts and integers over any number of blocks', async () => {
    const columns = [column('s', 'STRING'), column('n', 'INT64')];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ s: fc.string({ unit: 'grapheme' }), n: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
        ),
        async (rows) => {
          const expected = rows.map(({ s, n }) => ({ s, n: n.toString() }));
          const long = { s: 'x'.repeat(700_000), n: '7' };

          expect(await written(columns, long, ...expected, long)).toEqual([long, ...expected, long]);
        },
      ),
      { numRuns: 20 },
    );
  });
});
