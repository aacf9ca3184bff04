import { describe, expect, it } from '@jest/globals';
import { toSqlType } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { splitPlan } from './split-plan.js';

const column = (name: string, type: Column['type'], columns?: readonly Column[]): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  ...(columns === undefined ? {} : { columns }),
});

describe('splitPlan', () => {
  it('patches what is added and leaves every type to DDL', () => {
    const before = [
      column('a', 'INT64'),
      column('r', 'RECORD', [column('n', 'INT64')]),
      column('s', 'RECORD', []),
    ];
    const after = [
      column('a', 'NUMERIC'),
      column('r', 'RECORD', [column('n', 'NUMERIC'), column('m', 'STRING')]),
      column('s', 'RECORD', [column('x', 'NUMERIC')]),
      column('b', 'BIGNUMERIC'),
    ];

    expect(splitPlan(before, after)).toEqual({
      patchColumns: [
        column('a', 'INT64'),
        column('r', 'RECORD', [column('n', 'INT64'), column('m', 'STRING')]),
        column('s', 'RECORD', [column('x', 'NUMERIC')]),
        column('b', 'BIGNUMERIC'),
      ],
      widened: [after[0], after[1]],
    });
  });
});

describe('toSqlType', () => {
  it('restates a record with every field', () => {
    const record: Column = {
      ...column('r', 'RECORD', [column('n', 'NUMERIC'), column('a`b', 'STRING')]),
      mode: 'REPEATED',
    };

    expect(toSqlType(record)).toBe('ARRAY<STRUCT<`n` NUMERIC, `a\\`b` STRING>>');
  });
});
