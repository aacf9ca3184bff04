import type { Column, ColumnType } from './column.js';

export type WireType =
  'TYPE_BOOL' | 'TYPE_BYTES' | 'TYPE_DOUBLE' | 'TYPE_INT32' | 'TYPE_INT64' | 'TYPE_MESSAGE' | 'TYPE_STRING';

/**
 * The form of each column's values in protocol buffers. Types of hand-made columns that no JSON value fits have none.
 * Source: "Supported data types" of the Storage Write API, read 2026-11-23.
 */
export const WIRE_TYPES: Readonly<Partial<Record<ColumnType, WireType>>> = {
  BOOL: 'TYPE_BOOL',
  INT64: 'TYPE_INT64',
  NUMERIC: 'TYPE_STRING',
  BIGNUMERIC: 'TYPE_STRING',
  FLOAT64: 'TYPE_DOUBLE',
  STRING: 'TYPE_STRING',
  DATE: 'TYPE_INT32',
  DATETIME: 'TYPE_STRING',
  TIMESTAMP: 'TYPE_INT64',
  JSON: 'TYPE_STRING',
  BYTES: 'TYPE_BYTES',
  RECORD: 'TYPE_MESSAGE',
};

/** Types whose repeated values have a tag each; the others are packed. */
export const LENGTH_DELIMITED_TYPES: ReadonlySet<WireType> = new Set([
  'TYPE_BYTES',
  'TYPE_MESSAGE',
  'TYPE_STRING',
]);

/** Protocol buffers keep these field numbers for themselves. Source: protobuf language guide, read 2026-11-23. */
const RESERVED_FROM = 19_000;
const RESERVED_COUNT = 1_000;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** The field number of a record's column by its position from 0. */
export function fieldNumber(index: number): number {
  const number = index + 1;
  return number < RESERVED_FROM ? number : number + RESERVED_COUNT;
}

/** True if the values of a REPEATED column have one tag for all of them, as numbers do. */
export function isPacked({ type, mode }: Pick<Column, 'mode' | 'type'>): boolean {
  return mode === 'REPEATED' && wireOf(type) !== LENGTH_DELIMITED;
}

/** Number and wire type of a column's field, as they are written before a value; `index` counts from 0. */
export function fieldTag(column: Pick<Column, 'mode' | 'type'>, index: number): number {
  return (fieldNumber(index) << 3) | (isPacked(column) ? LENGTH_DELIMITED : wireOf(column.type));
}

function wireOf(type: ColumnType): number {
  const wireType = WIRE_TYPES[type];
  if (wireType !== undefined && LENGTH_DELIMITED_TYPES.has(wireType)) return LENGTH_DELIMITED;
  return wireType === 'TYPE_DOUBLE' ? FIXED64 : VARINT;
}
