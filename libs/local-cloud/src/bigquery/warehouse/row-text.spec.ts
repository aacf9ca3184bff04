import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../rules/cell.js';
import type { Field, FieldType } from '../rules/field-schema.js';
import { decodeRow, encodeRow } from './row-text.js';

const nullable = (name: string, type: FieldType): Field => ({ name, type, mode: 'NULLABLE' });

describe('row text', () => {
  it.each<[FieldType, Cell]>([
    ['STRING', 'a"\\\n\u2028\ud800'],
    ['BYTES', Buffer.from([0, 255, 10])],
    ['INTEGER', -(2n ** 63n)],
    ['NUMERIC', 10n ** 37n + 1n],
    ['BIGNUMERIC', -(10n ** 75n)],
    ['FLOAT', 0.1],
    ['FLOAT', NaN],
    ['FLOAT', -Infinity],
    ['FLOAT', -0],
    ['BOOLEAN', false],
    ['TIMESTAMP', -1n],
    ['DATETIME', 253402300799999999n],
    ['TIME', 86399999999n],
    ['DATE', -719162],
    ['JSON', '{"a": [1, null]}'],
  ])('gives a %s back as it was', (type, cell) => {
    const fields = [nullable('c', type), { ...nullable('r', type), mode: 'REPEATED' as const }];
    expect(decodeRow(encodeRow([cell, [cell, cell]], fields), fields)).toEqual([cell, [cell, cell]]);
  });

  it('leaves out NULL and empty arrays, and keeps a record that is empty', () => {
    const fields: Field[] = [
      nullable('a', 'STRING'),
      { name: 'l', type: 'STRING', mode: 'REPEATED' },
      { name: 'r', type: 'RECORD', mode: 'NULLABLE', fields: [nullable('x', 'INTEGER')] },
      { name: 'none', type: 'RECORD', mode: 'NULLABLE', fields: [nullable('x', 'INTEGER')] },
    ];
    const text = encodeRow([null, [], [null], null], fields);
    expect(text).toBe('{"r":{}}');
    expect(decodeRow(text, fields)).toEqual([null, [], [null], null]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('keeps apart a column named %s', (name) => {
    const fields = [nullable(name, 'STRING')];
    expect(decodeRow(encodeRow(['x'], fields), fields)).toEqual(['x']);
    expect(decodeRow('{}', fields)).toEqual([null]);
  });

  it('is readable under columns that were added and widened since', () => {
    const before = [
      nullable('i', 'INTEGER'),
      nullable('n', 'NUMERIC'),
      nullable('f', 'INTEGER'),
      nullable('g', 'NUMERIC'),
      { name: 'r', type: 'RECORD' as const, mode: 'REPEATED' as const, fields: [nullable('x', 'INTEGER')] },
    ];
    const after = [
      nullable('i', 'NUMERIC'),
      nullable('n', 'BIGNUMERIC'),
      nullable('f', 'FLOAT'),
      nullable('g', 'FLOAT'),
      {
        name: 'r',
        type: 'RECORD' as const,
        mode: 'REPEATED' as const,
        fields: [nullable('x', 'INTEGER'), { name: 'y', type: 'STRING' as const, mode: 'REPEATED' as const }],
      },
      nullable('new', 'STRING'),
    ];
    const text = encodeRow([7n, 1_500_000_000n, 3n, -250_000_000n, [[1n]]], before);
    expect(decodeRow(text, after)).toEqual([7_000_000_000n, 15n * 10n ** 37n, 3, -0.25, [[1n, []]], null]);
  });
});
