import type { Column } from '../schema/column.js';
import type { DecodedEvent } from '../decode/decoded-event.js';
import type { JsonNode } from '../values/json-tree.js';
import type { Overflow } from './overflow.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { JsonValue } from '../values/row.js';

/**
 * Returns the bytes of a row as compact UTF-8 JSON, JSON columns inline, decimal strings of number columns without quotes.
 *
 * Numbers count as the row writes them; `spellingBytes` returns the difference to the event's spelling.
 */
export function rowBytes(row: Readonly<Record<string, JsonValue>>, columns: readonly Column[]): number {
  let bytes = 2;
  for (const column of columns) {
    const value = Object.hasOwn(row, column.name) ? row[column.name] : null;
    if (value === null || value === undefined) continue;
    bytes += stringBytes(column.name) + 2 + valueBytes(value, column);
  }
  return bytes;
}

function valueBytes(value: JsonValue, column: Column): number {
  if (!isArray(value)) return oneBytes(value, column);
  return value.reduce<number>((sum, element) => sum + oneBytes(element, column) + 1, 2);
}

function oneBytes(value: JsonValue, { type, columns }: Column): number {
  if (type === 'RECORD' && typeof value === 'object' && value !== null && !isArray(value)) {
    return rowBytes(value, columns ?? []);
  }
  if (typeof value !== 'string') return JSON.stringify(value).length;
  if (type === 'JSON') return Buffer.byteLength(value, 'utf8');
  return isNumber(type) ? value.length : stringBytes(value);
}

function isNumber(type: string): boolean {
  return type === 'INT64' || type === 'NUMERIC' || type === 'BIGNUMERIC';
}

function stringBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8');
}

/** Returns the bytes that the numbers of an event have in its text minus those they have in its row. */
export function spellingBytes(
  event: DecodedEvent,
  row: Readonly<Record<string, JsonValue>>,
  columns: readonly Column[],
  overflow: Overflow | null,
): number {
  const spelt = numberBytes(event.exact().root) - literalNumberBytes(overflow);
  return spelt - rowNumberBytes(row, columns);
}

function numberBytes(node: JsonNode): number {
  if (node.kind === 'number') return node.literal.length;
  if (node.kind === 'array') return node.elements.reduce((sum, element) => sum + numberBytes(element), 0);
  return node.kind === 'object' ? node.members.reduce((sum, { value }) => sum + numberBytes(value), 0) : 0;
}

/** Numbers inside overflow literals are in the row as they were spelt already, within strings. */
function literalNumberBytes(overflow: Overflow | null): number {
  return (overflow?.entries ?? []).reduce(
    (sum, { literal }) => sum + (literal === null ? 0 : numberBytes(readJsonTree(literal).root)),
    0,
  );
}

function rowNumberBytes(row: Readonly<Record<string, JsonValue>>, columns: readonly Column[]): number {
  return columns.reduce((sum, column) => {
    const value = Object.hasOwn(row, column.name) ? row[column.name] : null;
    if (value === null || value === undefined || column.name === '_attributes') return sum;
    const values = isArray(value) ? value : [value];
    return values.reduce<number>((inner, one) => inner + oneNumberBytes(one, column), sum);
  }, 0);
}

function oneNumberBytes(value: JsonValue, { type, columns }: Column): number {
  if (typeof value === 'object' && value !== null && !isArray(value))
    return rowNumberBytes(value, columns ?? []);
  if (type === 'JSON') return typeof value === 'string' ? numberBytes(readJsonTree(value).root) : 0;
  if (typeof value === 'string') return isNumber(type) ? value.length : 0;
  return typeof value === 'number' ? String(value).length : 0;
}

/** `Array.isArray` that keeps a readonly type. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
