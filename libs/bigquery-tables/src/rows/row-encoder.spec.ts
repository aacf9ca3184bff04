import { describe, expect, it } from '@jest/globals';
import { fieldNumber, type Column, type ColumnMode, type ColumnType } from '@pipeline/schema-inference';
import protobuf from 'protobufjs';
import { toDescriptor, type MessageDescriptor } from './row-descriptor.js';
import { compileRowEncoder } from './row-encoder.js';

const column = (name: string, type: ColumnType, mode: ColumnMode = 'NULLABLE'): Column => ({
  name,
  type,
  mode,
});

function record(name: string, mode: ColumnMode, ...columns: readonly Column[]): Column {
  return { name, type: 'RECORD', mode, columns };
}

/** The reader that the descriptor describes, by protobufjs itself. */
function readerOf(descriptor: MessageDescriptor): protobuf.Type {
  const type = new protobuf.Type(descriptor.name);
  for (const field of descriptor.field) {
    const wire = field.typeName ?? field.type.slice('TYPE_'.length).toLowerCase();
    const rule = field.label === 'LABEL_REPEATED' ? 'repeated' : 'optional';
    type.add(new protobuf.Field(field.name, field.number, wire, rule));
  }
  for (const nested of descriptor.nestedType) type.add(readerOf(nested));
  return type;
}

function roundTrip(columns: readonly Column[], row: Readonly<Record<string, unknown>>): unknown {
  const encoded = compileRowEncoder(columns).encode(row);
  if (encoded.kind === 'unknown') return encoded;
  const type = readerOf(toDescriptor(columns));
  new protobuf.Root().add(type);
  return type.toObject(type.decode(encoded.bytes), { longs: String });
}

describe('compileRowEncoder', () => {
  it.each([
    ['a BOOL', 'BOOL', false, false],
    ['a small INT64', 'INT64', -7, '-7'],
    ['the largest INT64', 'INT64', '9223372036854775807', '9223372036854775807'],
    ['the smallest INT64', 'INT64', '-9223372036854775808', '-9223372036854775808'],
    ['an INT64 beyond 2^53', 'INT64', '9007199254740993', '9007199254740993'],
    [
      'a NUMERIC',
      'NUMERIC',
      '99999999999999999999999999999.999999999',
      '99999999999999999999999999999.999999999',
    ],
    [
      'a BIGNUMERIC',
      'BIGNUMERIC',
      '0.00000000000000000000000000000000000001',
      '0.00000000000000000000000000000000000001',
    ],
    ['an INT64 value in a widened column', 'NUMERIC', 5, '5'],
    ['a FLOAT64', 'FLOAT64', 5e-324, 5e-324],
    ['a STRING', 'STRING', 'ß😀\u0000', 'ß😀\u0000'],
    ['an empty STRING', 'STRING', '', ''],
    ['a STRING that begins with U+FEFF', 'STRING', '\uFEFFx', '\uFEFFx'],
    ['a DATE', 'DATE', '0001-01-01', -719_162],
    ['a DATETIME', 'DATETIME', '2026-11-22T23:05:00.000001', '2026-11-22T23:05:00.000001'],
    ['a TIMESTAMP', 'TIMESTAMP', '2026-11-22T23:05:00.123456Z', '1795388700123456'],
    ['the first TIMESTAMP', 'TIMESTAMP', '0001-01-01T00:00:00Z', '-62135596800000000'],
    ['the last TIMESTAMP', 'TIMESTAMP', '9999-12-31T23:59:59.999999Z', '253402300799999999'],
    ['a JSON text', 'JSON', '"5"', '"5"'],
  ] as const)('writes %s exactly', (_name, type, value, expected) => {
    expect(roundTrip([column('a', type)], { a: value })).toEqual({ a: expected });
    expect(roundTrip([column('a', type, 'REPEATED')], { a: [value, value] })).toEqual({
      a: [expected, expected],
    });
  });

  it('writes records in records, and keeps the places of elements', () => {
    const columns = [
      record('one', 'NULLABLE', record('two', 'NULLABLE', column('n', 'INT64'))),
      record('many', 'REPEATED', column('n', 'INT64'), column('tags', 'STRING', 'REPEATED')),
    ];
    const row = { one: { two: { n: 1 } }, many: [{ n: 2 }, null, {}, { tags: ['x', 'y'] }] };

    expect(roundTrip(columns, row)).toEqual({
      one: { two: { n: '1' } },
      many: [{ n: '2' }, {}, {}, { tags: ['x', 'y'] }],
    });
  });

  it('leaves out what has no value in it, with or without a column, but for the places of records', () => {
    const columns = [
      column('a', 'STRING'),
      column('b', 'INT64', 'REPEATED'),
      record('r', 'REPEATED', column('c', 'BOOL')),
    ];
    const row = { a: null, b: [], r: [{}, { c: null }], nowhere: null, none: [], nothing: { x: [{}] } };

    expect(roundTrip(columns, row)).toEqual({ r: [{}, {}] });
  });

  it('takes __proto__ for a name like any other', () => {
    const row = JSON.parse('{"__proto__":{"a":1},"toString":"x"}') as Readonly<Record<string, unknown>>;
    const columns = [record('__proto__', 'NULLABLE', column('a', 'INT64')), column('toString', 'STRING')];

    expect(compileRowEncoder(columns).encode(row).kind).toBe('encoded');
    expect(compileRowEncoder(columns).encode({})).toMatchObject({ kind: 'encoded', bytes: { length: 0 } });
  });

  it.each([
    ['a value without a column', { nowhere: 1 }, 'nowhere'],
    ['a nested value without a column', { r: { nowhere: 'x' } }, 'r.nowhere'],
    ['a text in a number', { n: 'seven' }, 'n'],
    ['a fraction in an integer', { n: 1.5 }, 'n'],
    ['an integer beyond 64 bits', { n: '9223372036854775808' }, 'n'],
    ['no date', { d: '2026-02-30' }, 'd'],
    ['no time', { t: 'yesterday' }, 't'],
    ['an array in a scalar', { n: [1] }, 'n'],
    ['a scalar in an array', { many: 1 }, 'many'],
    ['a bad element', { many: [1, 'x'] }, 'many'],
    ['a scalar in a record', { r: 1 }, 'r'],
  ])('does not write %s', (_name, row, path) => {
    const columns = [
      column('n', 'INT64'),
      column('d', 'DATE'),
      column('t', 'TIMESTAMP'),
      column('many', 'INT64', 'REPEATED'),
      record('r', 'NULLABLE', column('a', 'BOOL')),
    ];

    expect(compileRowEncoder(columns).encode(row)).toEqual({ kind: 'unknown', path });
  });

  it('has one signature for equal columns, whatever is written about them', () => {
    const some = compileRowEncoder([column('a', 'INT64'), record('r', 'REPEATED', column('b', 'BOOL'))]);
    const same = compileRowEncoder([
      { ...column('a', 'INT64'), description: 'x' },
      record('r', 'REPEATED', column('b', 'BOOL')),
    ]);
    const other = compileRowEncoder([column('a', 'INT64'), record('r', 'NULLABLE', column('b', 'BOOL'))]);

    expect(same.signature).toBe(some.signature);
    expect(other.signature).not.toBe(some.signature);
  });
});

describe('toDescriptor', () => {
  it('gives a column whose name no field can have another name, and notes its own', () => {
    expect(toDescriptor([column('straße', 'STRING'), column('column1', 'STRING')]).field).toMatchObject([
      { name: 'column1_', options: { '.google.cloud.bigquery.storage.v1.columnName': 'straße' } },
      { name: 'column1' },
    ]);
  });

  it('names no type as a field is named', () => {
    const { field, nestedType } = toDescriptor([record('Record1', 'NULLABLE', column('a', 'BOOL'))]);

    expect(field).toMatchObject([{ name: 'Record1', typeName: 'Record1_' }]);
    expect(nestedType).toMatchObject([{ name: 'Record1_' }]);
  });

  it('leaves out types that no JSON value fits', () => {
    expect(toDescriptor([column('a', 'TIME'), column('b', 'BOOL')]).field).toMatchObject([
      { name: 'b', number: 2 },
    ]);
  });

  it('keeps clear of the numbers that protocol buffers reserve', () => {
    expect([0, 18_998, 18_999].map(fieldNumber)).toEqual([1, 18_999, 20_000]);
  });
});
