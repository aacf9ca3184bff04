import { describe, expect, it } from '@jest/globals';
import { describeChange } from './table-changes.js';
import type { TableState } from '@pipeline/books';

const table = (columns: Record<string, string>): TableState => ({
  name: 'orders',
  rows: 1,
  createdAtMs: 0,
  columns: new Map(Object.entries(columns)),
});

describe('describeChange', () => {
  const before = table({ id: 'STRING', total: 'INT64' });

  it.each([
    ['a table that was not there', undefined, before, 'created'],
    ['a table that was deleted and recreated', before, { ...before, createdAtMs: 1 }, 'created'],
    ['nothing', before, before, undefined],
    ['one new column', before, table({ id: 'STRING', total: 'INT64', coupon: 'STRING' }), '+ coupon'],
    [
      'two new columns',
      before,
      table({ id: 'STRING', total: 'INT64', a: 'STRING', b: 'BOOL' }),
      '+ 2 columns',
    ],
    ['a wider type', before, table({ id: 'STRING', total: 'NUMERIC' }), 'total: INT64 → NUMERIC'],
    [
      'a wider type inside a record',
      table({ item: 'STRUCT<price INT64>', 'item.price': 'INT64' }),
      table({ item: 'STRUCT<price NUMERIC>', 'item.price': 'NUMERIC' }),
      'item.price: INT64 → NUMERIC',
    ],
  ])('says what happened: %s', (_name, earlier, later, expected) => {
    expect(describeChange(earlier, later)).toBe(expected);
  });
});
