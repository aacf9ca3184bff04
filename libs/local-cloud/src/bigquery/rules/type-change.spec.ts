import { describe, expect, it } from '@jest/globals';
import { field, record } from '../testing/fields.builder.js';
import type { Field, FieldType } from './field-schema.js';
import { changeType } from './type-change.js';

const TYPES: readonly FieldType[] = [
  'INTEGER',
  'NUMERIC',
  'BIGNUMERIC',
  'FLOAT',
  'STRING',
  'BOOLEAN',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'BYTES',
  'JSON',
];
const ALLOWED = new Set([
  'INTEGER→NUMERIC',
  'INTEGER→BIGNUMERIC',
  'INTEGER→FLOAT',
  'NUMERIC→BIGNUMERIC',
  'NUMERIC→FLOAT',
]);
const pairs = TYPES.flatMap((from) => TYPES.filter((to) => to !== from).map((to) => [from, to] as const));

describe('changeType', () => {
  it.each(pairs)('%s to %s follows the table of coercions', (from, to) => {
    const change = (): Field =>
      changeType('p:d.t', { ...field('x', from), description: 'kept' }, field('x', to));

    if (ALLOWED.has(`${from}→${to}`)) expect(change()).toEqual({ ...field('x', to), description: 'kept' });
    else expect(change).toThrow('is assignable to the new type');
  });

  it('widens fields of a STRUCT that is restated whole', () => {
    const before = record('r', [field('a', 'INTEGER'), field('b', 'STRING')]);

    expect(changeType('t', before, record('r', [field('a', 'NUMERIC'), field('b', 'STRING')]))).toEqual(
      record('r', [field('a', 'NUMERIC'), field('b', 'STRING')]),
    );
  });

  it.each<[string, Field, Field]>([
    [
      'a STRUCT with a field less',
      record('r', [field('a', 'INTEGER'), field('b', 'DATE')]),
      record('r', [field('a', 'NUMERIC')]),
    ],
    [
      'a STRUCT with a field more',
      record('r', [field('a', 'INTEGER')]),
      record('r', [field('a', 'INTEGER'), field('b', 'DATE')]),
    ],
    ['a STRUCT with other names', record('r', [field('a', 'INTEGER')]), record('r', [field('b', 'NUMERIC')])],
    ['an array', field('x', 'INTEGER', 'REPEATED'), field('x', 'NUMERIC', 'REPEATED')],
    [
      'an array of STRUCT',
      record('r', [field('a', 'INTEGER')], 'REPEATED'),
      record('r', [field('a', 'NUMERIC')], 'REPEATED'),
    ],
    [
      'a shorter STRING',
      { ...field('x', 'STRING'), maxLength: '7' },
      { ...field('x', 'STRING'), maxLength: '5' },
    ],
  ])('refuses %s', (_name, before, after) => {
    expect(() => changeType('t', before, after)).toThrow('is assignable to the new type');
  });

  it('takes a longer STRING', () => {
    expect(changeType('t', { ...field('x', 'STRING'), maxLength: '5' }, field('x', 'STRING'))).toEqual(
      field('x', 'STRING'),
    );
  });
});
