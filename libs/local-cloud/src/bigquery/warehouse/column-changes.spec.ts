import { describe, expect, it } from '@jest/globals';
import type { Field } from '../rules/field-schema.js';
import { field } from '../testing/fields.builder.js';
import { ColumnChanges } from './column-changes.js';

const A = field('a', 'STRING');
const B = field('b', 'INTEGER');
const record = (...fields: readonly Field[]): Field => ({ ...field('r', 'RECORD'), fields });

describe('ColumnChanges', () => {
  it('knows the number of columns before columns were added', () => {
    const changes = new ColumnChanges();
    changes.record('t', [A], [{ ...A }, B], 10);
    changes.record('t', [A, B], [A, B, record(A)], 20);

    expect([9, 10, 19, 20].map((atMs) => changes.countAt('t', 3, atMs))).toEqual([1, 2, 2, 3]);
    expect(changes.countAt('other', 3, 0)).toBe(3);
  });

  it.each([
    ['a wider type', [B], [{ ...B, type: 'NUMERIC' as const }]],
    ['a field more in a record', [record(A)], [record(A, B)]],
    ['another name', [A], [{ ...A, name: 'z' }]],
    ['a column less', [A, B], [A]],
  ])('does not know the columns before %s', (_name, before, after) => {
    const changes = new ColumnChanges();
    changes.record('t', before, after, 10);

    expect(changes.countAt('t', after.length, 9)).toBeUndefined();
    expect(changes.countAt('t', after.length, 10)).toBe(after.length);
  });

  it('forgets the oldest of many changes', () => {
    const changes = new ColumnChanges();
    for (let atMs = 1; atMs <= 1_500; atMs += 1) changes.record('t', [A], [A], atMs);

    expect(changes.countAt('t', 1, 1)).toBeUndefined();
    expect(changes.countAt('t', 1, 1_400)).toBe(1);
  });
});
