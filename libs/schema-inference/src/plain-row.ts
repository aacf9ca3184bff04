import type { CompiledColumn, CompiledRecord } from './compile-schema.js';
import type { Parsed, ParsedObject } from './plain-walk.js';
import { setOwn, type JsonValue } from './row.js';

type MutableRow = Record<string, JsonValue>;

/**
 * The row of a parsed object that a `PlainWalk` found to fit: the object itself where nothing differs.
 *
 * Members that are null stay null, which is the same as absent.
 */
export function plainRow(value: ParsedObject, record: CompiledRecord): Readonly<MutableRow> {
  if (record.rowMaking === 'same') return value as Readonly<MutableRow>;
  return record.rowMaking === 'converted' ? convertedRow(value, record) : renamedRow(value, record);
}

function convertedRow(value: ParsedObject, { columns }: CompiledRecord): MutableRow {
  const row = { ...value } as MutableRow;
  for (const column of columns) {
    if (column.isSameInRow) continue;
    const member = value[column.key];
    if (member !== undefined && member !== null) row[column.name] = memberInRow(member, column);
  }
  return row;
}

function renamedRow(value: ParsedObject, record: CompiledRecord): MutableRow {
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
  return (value as readonly Parsed[]).map((element) => oneInRow(element, column));
}

function oneInRow(value: Parsed, column: CompiledColumn): JsonValue {
  if (column.record !== null) return plainRow(value as ParsedObject, column.record);
  if (column.type === 'JSON') return JSON.stringify(value);
  return column.type === 'NUMERIC' && typeof value === 'number' ? String(value) : (value as JsonValue);
}
