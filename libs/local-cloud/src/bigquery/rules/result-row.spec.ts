import { describe, expect, it } from '@jest/globals';
import { field, record } from '../testing/fields.builder.js';
import type { Cell } from './cell.js';
import type { Field } from './field-schema.js';
import { toWireRow } from './result-row.js';

const FLOATS = { useInt64Timestamp: false };

describe('toWireRow', () => {
  it.each<[Field, Cell, unknown]>([
    [field('x', 'INTEGER'), -5n, '-5'],
    [field('x', 'FLOAT'), 2, '2.0'],
    [field('x', 'FLOAT'), 0.1, '0.1'],
    [field('x', 'FLOAT'), NaN, 'NaN'],
    [field('x', 'NUMERIC'), -1_250_000_000n, '-1.25'],
    [field('x', 'NUMERIC'), 5n, '0.000000005'],
    [field('x', 'BIGNUMERIC'), 10n ** 38n, '1'],
    [field('x', 'BOOLEAN'), true, 'true'],
    [field('x', 'BYTES'), Buffer.from([1, 2]), 'AQI='],
    [field('x', 'DATE'), -1, '1969-12-31'],
    [field('x', 'DATE'), -719162, '0001-01-01'],
    [field('x', 'TIME'), 1n, '00:00:00.000001'],
    [field('x', 'DATETIME'), -1n, '1969-12-31T23:59:59.999999'],
    [field('x', 'TIMESTAMP'), 1_500_000n, '1.5E0'],
    [field('x', 'TIMESTAMP'), 1_767_323_045_678_901n, '1.767323045678901E9'],
    [field('x', 'JSON'), '{"a":1}', '{"a":1}'],
    [field('x', 'STRING'), null, null],
    [field('x', 'STRING', 'REPEATED'), ['a', 'b'], [{ v: 'a' }, { v: 'b' }]],
    [field('x', 'STRING', 'REPEATED'), null, []],
    [record('x', [field('a', 'INTEGER')]), [1n], { f: [{ v: '1' }] }],
    [record('x', [field('a', 'INTEGER')], 'REPEATED'), [[1n]], [{ v: { f: [{ v: '1' }] } }]],
  ])('writes %j %p', (column, cell, wire) => {
    expect(toWireRow([cell], [column], FLOATS)).toEqual({ f: [{ v: wire }] });
  });

  it('writes timestamps as microseconds when asked to', () => {
    expect(toWireRow([1_500_000n], [field('x', 'TIMESTAMP')], { useInt64Timestamp: true })).toEqual({
      f: [{ v: '1500000' }],
    });
  });
});
