import { describe, expect, it } from '@jest/globals';
import type { Column, ColumnMode, ColumnType } from '@pipeline/schema-inference';
import { commonColumns, haveConflict } from './row-columns.js';

function column(name: string, type: ColumnType, mode: ColumnMode = 'NULLABLE'): Column {
  return { name, type, mode };
}

function record(name: string, ...columns: readonly Column[]): Column {
  return { name, type: 'RECORD', mode: 'NULLABLE', columns };
}

describe('commonColumns', () => {
  it('is what was wanted, when all of it is known', () => {
    const wanted = [column('a', 'INT64'), record('r', column('b', 'STRING'))];

    expect(commonColumns(wanted, [record('r', column('b', 'STRING')), column('A', 'INT64')])).toBe(wanted);
  });

  it.each([
    [
      'an unknown column',
      [column('a', 'INT64'), column('b', 'INT64')],
      [column('a', 'INT64')],
      [column('a', 'INT64')],
    ],
    ['a widened column', [column('a', 'NUMERIC')], [column('a', 'INT64')], [column('a', 'INT64')]],
    ['a column known as wider', [column('a', 'INT64')], [column('a', 'BIGNUMERIC')], [column('a', 'INT64')]],
    ['another type', [column('a', 'STRING')], [column('a', 'INT64')], []],
    ['another mode', [column('a', 'STRING')], [column('a', 'STRING', 'REPEATED')], []],
    [
      'REQUIRED for NULLABLE',
      [column('a', 'STRING')],
      [column('a', 'STRING', 'REQUIRED')],
      [column('a', 'STRING')],
    ],
    [
      'an unknown nested field',
      [record('r', column('a', 'BOOL'), column('b', 'BOOL'))],
      [record('r', column('a', 'BOOL'))],
      [record('r', column('a', 'BOOL'))],
    ],
    [
      'a record of unknown fields',
      [record('r', column('b', 'BOOL'))],
      [record('r', column('a', 'BOOL'))],
      [],
    ],
  ])('deals with %s', (_name, wanted, known, expected) => {
    expect(commonColumns(wanted, known)).toEqual(expected);
  });

  it('keeps what people and the pipeline wrote about a column', () => {
    const described: Column = { ...column('a', 'NUMERIC'), description: 'pipeline:{"key":"A"}' };

    expect(commonColumns([described], [column('a', 'INT64')])).toEqual([{ ...described, type: 'INT64' }]);
  });
});

describe('haveConflict', () => {
  it.each([
    ['equal columns', column('a', 'INT64'), column('a', 'INT64'), false],
    ['a widening', column('a', 'INT64'), column('a', 'BIGNUMERIC'), false],
    ['different columns', column('a', 'INT64'), column('b', 'STRING'), false],
    ['another type', column('a', 'INT64'), column('a', 'STRING'), true],
    ['another mode', column('a', 'INT64', 'REPEATED'), column('a', 'INT64'), true],
    ['another nested type', record('r', column('a', 'INT64')), record('r', column('a', 'BOOL')), true],
  ])('deals with %s', (_name, one, other, expected) => {
    expect(haveConflict([one], [other])).toBe(expected);
  });
});
