import { describe, expect, it } from '@jest/globals';
import type { SchemaChange, Shape } from '@pipeline/schema-inference';
import { keysOf, pathOf, restrictChange } from './change-path.js';

const text: Shape = { type: 'STRING', repeated: false };
const record: SchemaChange = {
  kind: 'add',
  path: ['r'],
  shape: {
    type: 'RECORD',
    repeated: true,
    fields: new Map([
      ['a', text],
      ['b', { ...text, repeated: true }],
    ]),
  },
};

describe('keysOf', () => {
  it.each([
    ['/items/*/sku', ['items', 'sku']],
    ['/items/0/sku', ['items', 'sku']],
    ['items.sku', ['items', 'sku']],
    ['/a~1b/c~0d', ['a/b', 'c~d']],
    ['discount', ['discount']],
    ['', []],
  ])('reads %p', (path, keys) => {
    expect(keysOf(path)).toEqual(keys);
  });

  it('reads what pathOf writes', () => {
    expect(keysOf(pathOf(['a/b', 'c~d', 'e.f']))).toEqual(['a/b', 'c~d', 'e.f']);
  });
});

describe('restrictChange', () => {
  it('keeps a change at or below the path', () => {
    expect(restrictChange(record, ['r'])).toBe(record);
    expect(restrictChange(record, [])).toBe(record);
    expect(restrictChange({ kind: 'widen', path: ['r', 'n'], to: 'NUMERIC' }, ['r'])).toMatchObject({
      path: ['r', 'n'],
    });
  });

  it('takes only the field that is named out of a new record', () => {
    expect(restrictChange(record, ['r', 'b'])).toEqual({
      ...record,
      shape: { type: 'RECORD', repeated: true, fields: new Map([['b', { ...text, repeated: true }]]) },
    });
  });

  it.each<readonly [string, SchemaChange, readonly string[]]>([
    ['another column', record, ['s']],
    ['a field that the record has not', record, ['r', 'c']],
    ['a field of a scalar', { kind: 'add', path: ['t'], shape: text }, ['t', 'x']],
    ['a wider type above the path', { kind: 'widen', path: ['n'], to: 'NUMERIC' }, ['n', 'x']],
    ['a relaxation', { kind: 'relax', path: [], name: 'r' }, ['r']],
  ])('gives nothing for %s', (_what, change, keys) => {
    expect(restrictChange(change, keys)).toBeNull();
  });
});
