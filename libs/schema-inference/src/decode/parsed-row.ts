import type { CompiledColumn, CompiledRecord } from '../schema/compile-schema.js';
import type { Parsed, ParsedObject } from './parsed-walk.js';
import { setOwn, type JsonValue } from '../values/row.js';

type MutableRow = Record<string, JsonValue>;

/**
 * Turns a parsed object that a `ParsedWalk` found to fit into its row. If only some values have another form in a row,
 * they are replaced in place, which is several times cheaper than a copy. The caller must not use the parsed object
 * afterwards.
 *
 * Members that are null stay null, which is the same as absent.
 */
export function parsedRow(value: ParsedObject, record: CompiledRecord): Readonly<MutableRow> {
  if (record.rowMaking === 'same') return value as Readonly<MutableRow>;
  return record.rowMaking === 'converted' ? convertedRow(value, record) : renamedRow(value, record);
}

function convertedRow(value: ParsedObject, { converted }: CompiledRecord): Readonly<MutableRow> {
  const row = value as MutableRow;
  for (const column of converted) {
    const member = value[column.key];
    // A function: keys such as `toString` find one on every object.
    if (member === undefined || member === null || typeof member === 'function') continue;
    row[column.name] = memberInRow(member, column);
  }
  return row;
}

function renamedRow(value: ParsedObject, record: CompiledRecord): Readonly<MutableRow> {
  const row: MutableRow = {};
  for (const key in value) {
    const column = record.byKey.get(key);
    const member = value[key];
    if (column === undefined || member === undefined || member === null) continue;
    setOwn(row, column.name, column.isSameInRow ? (member as JsonValue) : memberInRow(member, column));
  }
  return row;
}

function memberInRow(value: Parsed, column: CompiledColumn): JsonValue {
  if (column.mode !== 'REPEATED') return oneInRow(value, column);
  const elements = value as JsonValue[];
  for (let index = 0; index < elements.length; index++) {
    elements[index] = oneInRow(elements[index] as Parsed, column);
  }
  return elements;
}

function oneInRow(value: Parsed, column: CompiledColumn): JsonValue {
  if (column.record !== null) return parsedRow(value as ParsedObject, column.record);
  if (column.type === 'JSON') return JSON.stringify(value);
  return column.type === 'NUMERIC' && typeof value === 'number' ? decimalText(value) : (value as JsonValue);
}

/** `.00` to `.99`, zeros at the end left out. */
const HUNDREDTHS = Array.from({ length: 100 }, (_, index) =>
  (index / 100)
    .toFixed(2)
    .slice(1)
    .replace(/\.?0+$/, ''),
);
const SMALL = 1e9;

/** `String(value)`, by integers for amounts, which is what most decimals are: V8 searches digits for any other double. */
function decimalText(value: number): string {
  const hundredths = Math.round(value * 100);
  if (hundredths < 0 || hundredths >= SMALL || hundredths / 100 !== value) return String(value);
  const integer = Math.trunc(value) | 0;
  return String(integer) + (HUNDREDTHS[(hundredths - integer * 100) | 0] ?? '');
}
