import { describe, expect, it } from '@jest/globals';
import { column } from './promotion.builder.js';
import { wishesOf } from './unwidenable.js';

const COLUMNS = [
  column('items', 'RECORD', {
    mode: 'REPEATED',
    columns: [
      column('unit_price', 'INT64', { description: 'pipeline:{"key":"unit/price"}' }),
      column('taxes', 'NUMERIC', { mode: 'REPEATED' }),
      column('more', 'RECORD', { columns: [column('n', 'INT64')] }),
    ],
  }),
  column('numbers', 'INT64', { description: 'pipeline:{"key":"numbers","retired":true}', mode: 'REPEATED' }),
  column('numbers__v2', 'NUMERIC', { description: 'pipeline:{"key":"numbers"}', mode: 'REPEATED' }),
  column('text', 'STRING', { mode: 'REPEATED' }),
];
const entry = (pointer: string, rest: object, reason = 'NOT_WIDENABLE'): string =>
  JSON.stringify({ [pointer]: { reason, ...rest } });

describe('wishesOf', () => {
  it.each<[string, string, readonly string[], string, boolean]>([
    [
      'a field of an array',
      entry('/items/3/unit~1price', { value: 9.99 }),
      ['items', 'unit_price'],
      'NUMERIC',
      false,
    ],
    [
      'a field of a record in an array',
      entry('/items/0/more/n', { value: 0.5 }),
      ['items', 'more', 'n'],
      'NUMERIC',
      false,
    ],
    [
      'an array in an array',
      entry('/items/0/taxes', { literal: '[1,0.12345678901234567890]' }),
      ['items', 'taxes'],
      'BIGNUMERIC',
      true,
    ],
    [
      'an array, in the column that replaced one',
      entry('/numbers', { literal: '[0.12345678901234567890]' }),
      ['numbers__v2'],
      'BIGNUMERIC',
      true,
    ],
  ])('reads the field and the wider type of %s', (_name, overflow, path, type, isRepeated) => {
    expect(wishesOf(overflow, { columns: COLUMNS })).toEqual([
      { path, type, isRepeated, numbersAsText: false },
    ]);
  });

  it.each([
    ['another reason', entry('/items/0/unit~1price', { value: 9.99 }, 'TYPE_CONFLICT')],
    ['a column that is wide enough', entry('/numbers', { value: [1.5] })],
    ['a column that is gone', entry('/gone/0/price', { value: 9.99 })],
    ['a column that is no number', entry('/text', { value: [9.99] })],
    ['a number that no type of the order holds', entry('/items/0/unit~1price', { value: 1e300 })],
    ['no overflow', '{}'],
  ])('leaves %s alone', (_name, overflow) => {
    expect(wishesOf(overflow, { columns: COLUMNS })).toEqual([]);
  });

  it('leaves a field alone whose type a contract rules: of the table, of a record above it, or its own', () => {
    const overflow = entry('/items/0/more/n', { value: 0.5 });
    const items = (rest: object, inner: object = {}): Parameters<typeof wishesOf>[1]['columns'] => [
      column('items', 'RECORD', {
        mode: 'REPEATED',
        columns: [column('more', 'RECORD', { columns: [column('n', 'INT64', inner)] })],
        ...rest,
      }),
    ];
    const verb = (typeChanges: string): object => ({
      description: `pipeline:${JSON.stringify({ typeChanges })}`,
    });

    expect([
      wishesOf(overflow, { columns: items({}), typeChanges: 'approve' }),
      wishesOf(overflow, { columns: items(verb('overflow')) }),
      wishesOf(overflow, { columns: items({}, verb('approve')) }),
    ]).toEqual([[], [], []]);
    expect(
      wishesOf(overflow, { columns: items({}, verb('evolve')), typeChanges: 'approve' }).map(
        ({ path }) => path,
      ),
    ).toEqual([['items', 'more', 'n']]);
  });
});
