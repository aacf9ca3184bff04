import { describe, expect, it } from '@jest/globals';
import { field, record } from '../testing/fields.builder.js';
import type { Cell } from './cell.js';
import type { Field, FieldType } from './field-schema.js';
import { parseJson } from './json.js';
import { compileRows } from './row-coercion.js';

const STRICT = { ignoreUnknown: false };
const read = (
  fields: readonly Field[],
  row: unknown,
  options = STRICT,
): ReturnType<ReturnType<typeof compileRows>> => compileRows(fields)(row, options);

describe('compileRows, values', () => {
  it.each<[FieldType, string, Cell]>([
    ['INTEGER', '9007199254740993', 9007199254740993n],
    ['INTEGER', '"-9223372036854775808"', -(2n ** 63n)],
    ['INTEGER', '1.0', 1n],
    ['INTEGER', '1e3', 1000n],
    ['FLOAT', '1.5', 1.5],
    ['FLOAT', '"-Infinity"', -Infinity],
    ['FLOAT', '"NaN"', NaN],
    ['NUMERIC', '"99999999999999999999999999999.999999999"', 10n ** 38n - 1n],
    ['NUMERIC', '1.25', 1_250_000_000n],
    ['NUMERIC', '"0.0000000005"', 1n],
    [
      'BIGNUMERIC',
      '"578960446186580977117854925043439539266.34992332820282019728792003956564819967"',
      2n ** 255n - 1n,
    ],
    ['BIGNUMERIC', '"-0.00000000000000000000000000000000000001"', -1n],
    ['BOOLEAN', 'true', true],
    ['BOOLEAN', '"FALSE"', false],
    ['STRING', '"ü"', 'ü'],
    ['STRING', '12', '12'],
    ['BYTES', '"AQI="', Buffer.from([1, 2])],
    ['DATE', '"1970-01-02"', 1],
    ['TIME', '"00:00:01.5"', 1_500_000n],
    ['DATETIME', '"1970-01-01T00:00:01"', 1_000_000n],
    ['DATETIME', '"1970-01-01 00:00:01.000001"', 1_000_001n],
    ['TIMESTAMP', '"1970-01-01T01:00:00+01:00"', 0n],
    ['TIMESTAMP', '"1970-01-01 00:00:00.123456 UTC"', 123_456n],
    ['TIMESTAMP', '"2026-11-22"', 1_795_305_600_000_000n],
    ['TIMESTAMP', '1.5', 1_500_000n],
    ['TIMESTAMP', '"-1"', -1_000_000n],
    ['JSON', '"{\\"a\\": 1}"', '{"a": 1}'],
    ['JSON', '{"a": [1, 9007199254740993]}', '{"a":[1,9007199254740993]}'],
    ['JSON', '12', '12'],
    ['JSON', '"null"', 'null'],
    ['GEOGRAPHY', '"POINT(1 2)"', 'POINT(1 2)'],
  ])('%s takes %s', (type, json, cell) => {
    expect(read([field('x', type)], parseJson(`{"x": ${json}}`))).toEqual({ kind: 'row', cells: [cell] });
  });

  it.each<[FieldType, string, string]>([
    ['INTEGER', '"abc"', 'Cannot convert value to integer (bad value): abc'],
    ['INTEGER', '1.5', 'Cannot convert value to integer (bad value): 1.5'],
    ['INTEGER', '9223372036854775808', 'Cannot convert value to integer (bad value): 9223372036854775808'],
    ['FLOAT', '"x"', 'Cannot convert value to floating point (bad value): x'],
    ['NUMERIC', '"1e29"', 'Invalid NUMERIC value: 1e29'],
    ['BIGNUMERIC', '"1e39"', 'Invalid BIGNUMERIC value: 1e39'],
    ['BOOLEAN', '"maybe"', 'Cannot convert value to boolean'],
    ['BYTES', '"%"', 'Could not decode base64 string to bytes'],
    ['DATE', '"2026-02-29"', "Invalid date: '2026-02-29'"],
    ['TIME', '"24:00:00"', 'Invalid time string'],
    ['DATETIME', '"2026-01-01T00:00:00Z"', 'Invalid datetime string'],
    ['TIMESTAMP', '"yesterday"', "Could not parse 'yesterday' as a timestamp."],
    ['TIMESTAMP', '"10000-01-01"', 'Could not parse'],
    ['JSON', '"{"', 'Invalid JSON string'],
    ['STRING', '{"a": 1}', 'Could not convert value to string'],
    ['STRING', '["a"]', 'Array specified for non-repeated field: x.'],
  ])('%s refuses %s', (type, json, words) => {
    const result = read([field('x', type)], parseJson(`{"x": ${json}}`));

    expect(result).toMatchObject({ kind: 'refused', errors: [{ reason: 'invalid', location: 'x' }] });
    expect(result.kind === 'refused' && result.errors[0]?.message).toContain(words);
  });
});

describe('compileRows, shape', () => {
  const fields = [
    field('id', 'INTEGER', 'REQUIRED'),
    field('tags', 'STRING', 'REPEATED'),
    record('r', [field('a', 'STRING'), field('n', 'INTEGER', 'REPEATED')]),
    record('items', [field('sku', 'STRING', 'REQUIRED')], 'REPEATED'),
  ];

  it('reads nested and repeated fields by name, in any case and order', () => {
    const row = { items: [{ sku: 'a' }], R: { N: [1, '2'], a: 'x' }, ID: 7, tags: ['t'] };

    expect(read(fields, row)).toEqual({ kind: 'row', cells: [7n, ['t'], ['x', [1n, 2n]], [['a']]] });
  });

  it('reads missing and null as NULL, and as an empty array', () => {
    expect(read(fields, { id: 1, tags: null })).toEqual({ kind: 'row', cells: [1n, [], null, []] });
  });

  it.each<[string, unknown, string, string]>([
    ['an unknown field', { id: 1, x: 1 }, 'x', 'no such field: x.'],
    ['an unknown nested field', { id: 1, r: { b: 1 } }, 'r.b', 'no such field: r.b.'],
    [
      'an unknown field in an array',
      { id: 1, items: [{ sku: 'a', b: 1 }] },
      'items[0].b',
      'no such field: items[0].b.',
    ],
    ['a REQUIRED field missing', { tags: [] }, 'id', 'Missing required field: id.'],
    ['a REQUIRED field that is null', { id: null }, 'id', 'Missing required field: id.'],
    [
      'a nested REQUIRED field missing',
      { id: 1, items: [{}] },
      'items[0].sku',
      'Missing required field: items[0].sku.',
    ],
    [
      'null in an array',
      { id: 1, tags: [null] },
      'tags[0]',
      'Only optional fields can be set to NULL. Field: tags; Value: NULL',
    ],
    [
      'no array for a REPEATED field',
      { id: 1, tags: 'a' },
      'tags',
      'Value for repeated field tags is not an array.',
    ],
    ['a scalar for a RECORD', { id: 1, r: 1 }, 'r', 'This field: r is not a record.'],
  ])('refuses %s', (_name, row, location, message) => {
    expect(read(fields, row)).toEqual({
      kind: 'refused',
      errors: [{ reason: 'invalid', location, debugInfo: '', message }],
    });
  });

  it('drops unknown fields when asked to', () => {
    expect(read(fields, { id: 1, x: 1, r: { b: 2 } }, { ignoreUnknown: true })).toEqual({
      kind: 'row',
      cells: [1n, [], [null, []], []],
    });
  });

  it('counts columns that writers do not know yet as unknown', () => {
    const visible = [field('id', 'INTEGER', 'REQUIRED'), record('r', [field('a', 'STRING')])];
    const coerce = compileRows(fields, visible);

    expect(coerce({ id: 1, r: { a: 'x' } }, STRICT)).toEqual({ kind: 'row', cells: [1n, [], ['x', []], []] });
    expect(coerce({ id: 1, tags: [] }, STRICT)).toMatchObject({
      errors: [{ message: 'no such field: tags.' }],
    });
    expect(coerce({ id: 1, r: { n: [1] } }, STRICT)).toMatchObject({
      errors: [{ message: 'no such field: r.n.' }],
    });
  });
});
