import { describe, expect, it } from '@jest/globals';
import { readContract } from '../odcs/read-contract.js';
import type { ContractDto } from '../odcs/contract.dto.js';
import { breaking } from './breaking.js';

function aVersion(properties: string): ContractDto {
  const text = `apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: "1"\nstatus: active\nschema:\n  - name: t\n    properties: [${properties}]\n`;
  const read = readContract('t.odcs.yaml', text);
  if (read.kind !== 'contract') throw new Error(JSON.stringify(read));
  return read.dto;
}

function changes(before: string, after: string): readonly string[] {
  return breaking(aVersion(before), aVersion(after)).map(
    ({ level, place, message }) => `${level} ${place}: ${message}`,
  );
}

const A = '{ name: a, physicalType: INT64 }';

describe('breaking', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['nothing', A, A, []],
    ['a new column', A, `${A}, { name: b, physicalType: STRING }`, []],
    [
      'another order',
      `${A}, { name: b, physicalType: STRING }`,
      `{ name: b, physicalType: STRING }, ${A}`,
      [],
    ],
    ['a promise more', A, '{ name: a, physicalType: INT64, required: true }', []],
    ['a column less', A, '', ['error t.a: The column is gone']],
    [
      'a wider type',
      A,
      '{ name: a, physicalType: NUMERIC }',
      ['error t.a: physicalType changes from INT64 to NUMERIC'],
    ],
    [
      'a promise less',
      '{ name: a, physicalType: INT64, required: true, unique: true }',
      A,
      ['error t.a: It is no longer required', 'error t.a: It is no longer unique'],
    ],
    [
      'another name in BigQuery',
      A,
      '{ name: a, physicalName: b, physicalType: INT64 }',
      ['error t.a: The name in BigQuery changes from a to b'],
    ],
    [
      'a field less',
      '{ name: r, physicalType: STRUCT, properties: [{ name: x, physicalType: STRING }] }',
      '{ name: r, physicalType: STRUCT }',
      ['error t.r.x: The column is gone'],
    ],
    [
      'another type of elements',
      '{ name: l, logicalType: array, items: { physicalType: STRING } }',
      '{ name: l, logicalType: array, items: { physicalType: INT64 } }',
      ['error t.l[]: physicalType changes from STRING to INT64'],
    ],
    [
      'a range that grows at both ends',
      '{ name: a, physicalType: INT64, logicalTypeOptions: { minimum: 1, maximum: 5 } }',
      '{ name: a, physicalType: INT64, logicalTypeOptions: { minimum: 0, maximum: 6 } }',
      ['error t.a: minimum changes from 1 to 0', 'error t.a: maximum changes from 5 to 6'],
    ],
    [
      'a range that shrinks',
      '{ name: a, physicalType: INT64, logicalTypeOptions: { minimum: 1, maximum: 5 } }',
      '{ name: a, physicalType: INT64, logicalTypeOptions: { minimum: 2, maximum: 4 } }',
      [],
    ],
    [
      'a value more',
      '{ name: a, physicalType: STRING, enum: [x, y] }',
      '{ name: a, physicalType: STRING, enum: [{ value: y }, { value: x }, { value: z }] }',
      ['error t.a: More values are allowed: z'],
    ],
    [
      'a value less',
      '{ name: a, physicalType: STRING, enum: [x, y] }',
      '{ name: a, physicalType: STRING, enum: [x] }',
      [],
    ],
    [
      'no list of values any more',
      '{ name: a, physicalType: STRING, enum: [x] }',
      '{ name: a, physicalType: STRING }',
      ['error t.a: The list of allowed values is gone'],
    ],
    [
      'another pattern',
      '{ name: a, physicalType: STRING, logicalTypeOptions: { pattern: x } }',
      '{ name: a, physicalType: STRING, logicalTypeOptions: { pattern: y } }',
      ['warning t.a: pattern changes from "x" to "y"'],
    ],
    [
      'a column that joins a key of several columns',
      '{ name: a, physicalType: INT64, primaryKey: true }, { name: b, physicalType: INT64 }',
      '{ name: a, physicalType: INT64, primaryKey: true }, { name: b, physicalType: INT64, primaryKey: true }',
      ['error t.b: It joins the primary key'],
    ],
  ])('finds in %s what breaks readers', (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it('finds a table that is gone', () => {
    const empty = aVersion('');
    empty.schema = [];

    expect(breaking(aVersion(A), empty)).toEqual([
      { level: 'error', place: 't', message: 'The table is gone' },
    ]);
  });
});
