import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../bigquery/rules/cell.js';
import type { FieldType } from '../bigquery/rules/field-schema.js';
import { toColumnCell, type WireValue } from './wire-values.js';

const column = (type: FieldType): Parameters<typeof toColumnCell>[1] => ({
  name: 'x',
  type,
  mode: 'NULLABLE',
});

describe('toColumnCell', () => {
  it.each<[FieldType, string, WireValue, Cell]>([
    ['INTEGER', 'int64', -(2n ** 63n), -(2n ** 63n)],
    ['FLOAT', 'double', 0.1, 0.1],
    ['BOOLEAN', 'bool', true, true],
    ['STRING', 'string', 'ü', 'ü'],
    ['BYTES', 'bytes', Buffer.from([1]), Buffer.from([1])],
    ['NUMERIC', 'string', '1.5', 1_500_000_000n],
    ['NUMERIC', 'bytes', Buffer.from([0xff, 0xff]), -1n],
    ['NUMERIC', 'bytes', Buffer.from([0x00, 0x2f, 0x68, 0x59]), 1_500_000_000n],
    ['BIGNUMERIC', 'bytes', Buffer.from([1]), 1n],
    ['DATE', 'int32', -1n, -1],
    ['DATE', 'string', '1970-01-02', 1],
    ['TIME', 'packed', (23n << 32n) | (59n << 26n) | (58n << 20n) | 7n, 86_398_000_007n],
    ['DATETIME', 'packed', (1970n << 46n) | (1n << 42n) | (2n << 37n) | (1n << 32n), 90_000_000_000n],
    ['DATETIME', 'string', '1970-01-01T00:00:00.000001', 1n],
    ['TIMESTAMP', 'int64 micros', 5n, 5n],
    ['JSON', 'string', '{"a":1}', '{"a":1}'],
  ])('%s takes %s', (type, _wire, value, cell) => {
    expect(toColumnCell(value, column(type))).toEqual(cell);
  });

  it.each<[FieldType, string, WireValue]>([
    ['STRING', 'an integer', 1n],
    ['INTEGER', 'a string', '1'],
    ['BOOLEAN', 'a string', 'true'],
    ['JSON', 'no JSON', '{'],
    ['DATE', 'a day after 9999', 2_932_897n],
    ['TIMESTAMP', 'an instant after 9999', 253_402_300_800_000_000n],
    ['DATETIME', 'a month 13', (1970n << 46n) | (13n << 42n) | (2n << 37n)],
    ['NUMERIC', 'more than 38 digits', Buffer.alloc(17, 0x7f)],
  ])('%s refuses %s', (type, _wire, value) => {
    expect(() => toColumnCell(value, column(type))).toThrow();
  });
});
