import { describe, expect, it } from '@jest/globals';
import type { Column } from '@pipeline/schema-inference';
import { changedColumns, stagedColumns, stagingColumns, stagingRow } from './staged-columns.js';

const column = (name: string, rest: Partial<Column> = {}): Column => ({
  name,
  type: 'STRING',
  mode: 'NULLABLE',
  ...rest,
});

describe('staged columns', () => {
  it('are the changed ones, under names of their own, without parameters and REQUIRED', () => {
    const columns = [
      column('a', { mode: 'REQUIRED', maxLength: 3 }),
      column('b'),
      column('message_id', {
        type: 'RECORD',
        mode: 'REPEATED',
        columns: [column('x', { mode: 'REQUIRED' })],
      }),
    ];
    const staged = stagedColumns(columns, new Set(['a', 'message_id']));
    const key = { messageId: 'm', publishTime: 't', revision: 2, fingerprint: '-7' };

    expect(stagingColumns(staged).slice(4)).toEqual([
      { name: 'overflow', type: 'JSON', mode: 'NULLABLE' },
      { name: 'c0', type: 'STRING', mode: 'NULLABLE' },
      {
        name: 'c1',
        type: 'RECORD',
        mode: 'REPEATED',
        columns: [{ name: 'x', type: 'STRING', mode: 'NULLABLE' }],
      },
    ]);
    expect(stagingRow({ ...key, next: { a: 'v', _overflow: '{}' } }, staged)).toEqual({
      message_id: 'm',
      publish_time: 't',
      revision: 2,
      fingerprint: '-7',
      overflow: '{}',
      c0: 'v',
      c1: null,
    });
  });

  it.each([
    [{ a: null }, {}, []],
    [{ a: [] }, { a: null }, []],
    [{ a: { x: null, y: 1 } }, { a: { y: 1 } }, []],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, []],
    [{ a: { x: { y: null } } }, { a: null }, []],
    [{ a: [{}, { x: 1 }] }, { a: [{ x: null }, { x: 1 }] }, []],
    [{ a: [{}, { x: 1 }] }, { a: [{ x: 1 }] }, ['a']],
    [{ a: 1 }, { a: '1' }, ['a']],
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, ['b']],
  ])('%p → %p changes %p', (before, after, expected) => {
    expect(changedColumns([column('a'), column('b')], before, after)).toEqual(expected);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'called %s are NULL in a row that lacks them',
    (name) => {
      const key = { messageId: 'm', publishTime: 't', revision: 0, fingerprint: 0 };
      const staged = stagedColumns([column(name)], new Set([name]));

      expect(stagingRow({ ...key, next: {} }, staged)).toMatchObject({ c0: null });
      expect(
        changedColumns([column(name)], {}, JSON.parse(`{"${name}":"v"}`) as Record<string, string>),
      ).toEqual([name]);
    },
  );
});
