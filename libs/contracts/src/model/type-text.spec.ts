import { describe, expect, it } from '@jest/globals';
import { parseTypeText, typeTextOf } from './type-text.js';

describe('typeTextOf and parseTypeText', () => {
  it.each([
    ['STRING', { type: 'STRING', mode: 'NULLABLE' }],
    ['STRING(3)', { type: 'STRING', mode: 'NULLABLE', maxLength: 3 }],
    ['NUMERIC(5,2)', { type: 'NUMERIC', mode: 'NULLABLE', precision: 5, scale: 2 }],
    ['NUMERIC(5)', { type: 'NUMERIC', mode: 'NULLABLE', precision: 5 }],
    ['ARRAY<BIGNUMERIC>', { type: 'BIGNUMERIC', mode: 'REPEATED' }],
    ['STRUCT', { type: 'RECORD', mode: 'NULLABLE' }],
    ['ARRAY<STRUCT>', { type: 'RECORD', mode: 'REPEATED' }],
  ] as const)('%s is read and written', (text, column) => {
    expect(parseTypeText(text)).toEqual(column);
    expect(typeTextOf(column)).toBe(text);
  });

  it.each([
    ['integer', 'INT64'],
    ['BOOLEAN', 'BOOL'],
    ['Float', 'FLOAT64'],
    ['RECORD', 'RECORD'],
    ['STRUCT<a INT64, b ARRAY<STRING>>', 'RECORD'],
    ['decimal', 'NUMERIC'],
  ])('%s is another name of %s', (text, type) => {
    expect(parseTypeText(text)).toEqual({ type, mode: 'NULLABLE' });
  });

  it.each(['NUMBR', '', 'ARRAY<>', 'INT64(3)', 'STRING(1,2)', 'ARRAY<ARRAY<STRING>>'])(
    '%p is no type',
    (text) => {
      expect(parseTypeText(text)).toBeNull();
    },
  );
});
