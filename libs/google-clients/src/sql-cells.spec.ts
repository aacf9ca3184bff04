import { describe, expect, it } from '@jest/globals';
import { toQueryParameters, toSqlRow, type ResultField } from './sql-cells.js';

const scalar = (type: string): ResultField => ({ name: 'v', type });

describe('toSqlRow', () => {
  it.each([
    ['INTEGER', '7', 7],
    ['INTEGER', '9223372036854775807', '9223372036854775807'],
    ['NUMERIC', '1.50', '1.50'],
    ['FLOAT', '1.5', 1.5],
    ['FLOAT', 'NaN', 'NaN'],
    ['BOOLEAN', 'true', true],
    ['TIMESTAMP', '1700000000000001', '2023-11-14T22:13:20.000001Z'],
    ['TIMESTAMP', '-1', '1969-12-31T23:59:59.999999Z'],
    ['DATE', '2026-11-23', '2026-11-23'],
    ['JSON', '{"a":1}', '{"a":1}'],
    ['STRING', null, null],
  ])('reads %s %s', (type, wire, expected) => {
    expect(toSqlRow([scalar(type)], { f: [{ v: wire }] })).toEqual({ v: expected });
  });

  it('reads records, arrays, and columns with the names of every object’s own', () => {
    const fields: ResultField[] = [
      { name: '__proto__', type: 'STRING' },
      { name: 'list', type: 'INTEGER', mode: 'REPEATED' },
      { name: 'r', type: 'RECORD', mode: 'REPEATED', fields: [scalar('STRING')] },
    ];

    const row = toSqlRow(fields, {
      f: [{ v: 'p' }, { v: [{ v: '1' }, { v: '2' }] }, { v: [{ v: { f: [{ v: 'x' }] } }] }],
    });

    expect(Object.entries(row)).toEqual([
      ['__proto__', 'p'],
      ['list', [1, 2]],
      ['r', [{ v: 'x' }]],
    ]);
  });
});

describe('toQueryParameters', () => {
  it('gives each value its type', () => {
    const at = new Date('2026-11-23T10:00:00Z');

    expect(toQueryParameters({ text: 'a', count: 2, at, list: ['x'] })).toEqual([
      { name: 'text', parameterType: { type: 'STRING' }, parameterValue: { value: 'a' } },
      { name: 'count', parameterType: { type: 'INT64' }, parameterValue: { value: '2' } },
      {
        name: 'at',
        parameterType: { type: 'TIMESTAMP' },
        parameterValue: { value: '2026-11-23T10:00:00.000Z' },
      },
      {
        name: 'list',
        parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
        parameterValue: { arrayValues: [{ value: 'x' }] },
      },
    ]);
  });
});
