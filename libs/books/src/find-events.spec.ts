import { describe, expect, it } from '@jest/globals';
import { parseCondition } from './find-events.js';

describe('parseCondition', () => {
  it.each([
    ['order_id = "o-1"', { column: 'order_id', operator: '=', literal: '"o-1"' }],
    ["order_id='o-1'", { column: 'order_id', operator: '=', literal: '"o-1"' }],
    ['item.price >= -9.50', { column: 'item.price', operator: '>=', literal: '-9.50' }],
    ['paid != true', { column: 'paid', operator: '!=', literal: 'TRUE' }],
    ['name like "a%"', { column: 'name', operator: 'LIKE', literal: '"a%"' }],
    ['day < DATE "2026-11-23"', { column: 'day', operator: '<', literal: 'DATE "2026-11-23"' }],
    [String.raw`note = "it's \ ok"`, { column: 'note', operator: '=', literal: String.raw`"it's \\ ok"` }],
  ])('reads %s', (text, expected) => {
    expect(parseCondition(text)).toEqual(expected);
  });

  it.each([
    'o-1',
    'a = b',
    'order_id = "o-1" OR TRUE',
    'x = 1; DROP TABLE orders',
    '= 3',
    'a b = 1',
    '3 = 3',
  ])('takes %s for a text to search for, or a literal: nothing of it is SQL', (text) => {
    const condition = parseCondition(text);

    expect(condition === null || /^"(?:[^"\\]|\\.)*"$/.test(condition.literal)).toBe(true);
  });
});
