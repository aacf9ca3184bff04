import { describe, expect, it } from '@jest/globals';
import { bytes, collect, routes, time } from './arguments.js';
import { formatBytes, textTable } from './text-table.js';
import { wholeNumber } from './whole-number.js';

describe('arguments', () => {
  it('read what people write', () => {
    expect(bytes('2TB')).toBe(2e12);
    expect(bytes('500 mb')).toBe(5e8);
    expect(wholeNumber('A rate', 1, 10)('7')).toBe(7);
    expect(routes('{"order":"orders"}')).toEqual({ order: 'orders' });
    expect(collect('b', collect('a', undefined))).toEqual(['a', 'b']);
    expect(time('2026-11-23').toISOString()).toBe('2026-11-23T00:00:00.000Z');
  });

  it.each([
    ['a size', () => bytes('much')],
    ['a number out of bounds', () => wholeNumber('A rate', 1, 10)('11')],
    ['a fraction', () => wholeNumber('A rate', 1, 10)('1.5')],
    ['routes that are no JSON', () => routes('order=orders')],
    ['routes that are no names', () => routes('{"order":1}')],
    ['a time', () => time('soon')],
  ])('refuse %s in words', (_name, read) => {
    expect(read).toThrow(/is|are|Use/);
  });
});

describe('textTable', () => {
  it('aligns columns, numbers right, and has a dash for nothing', () => {
    const table = textTable(
      ['name', 'count'],
      [
        ['a', 5],
        [null, 1234],
      ],
    );

    expect(table.split('\n')).toEqual(['name  count', 'a         5', '–      1234']);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500_000, '1.5 MB'],
    [540e9, '540.0 GB'],
  ])('writes %d', (count, expected) => {
    expect(formatBytes(count)).toBe(expected);
  });
});
