import type { JsonNode } from '../values/json-tree.js';
import { jsonBytes, writeJson } from '../values/write-json.js';

/** Reasons for which a value is not in its column: a closed set. If several hold, the first in this order is given. */
export const OVERFLOW_REASONS = [
  'NOT_UNICODE',
  'SCHEMA_CLOSED',
  'MIXED_ARRAY',
  'NULL_IN_ARRAY',
  'OUT_OF_RANGE',
  'TYPE_CONFLICT',
  'NOT_WIDENABLE',
  'NUMBER_NOT_REPRESENTABLE',
  'AWAITING_APPROVAL',
  'AWAITING_COLUMN',
] as const;
export type OverflowReason = (typeof OVERFLOW_REASONS)[number];

/**
 * One value that is not in its column.
 *
 * `pointer` is RFC 6901 over the event's keys. Exactly one of `value` (compact JSON text) and `literal` (the exact source
 * text, where BigQuery's JSON type would alter the value) is not null.
 */
export interface OverflowEntry {
  readonly pointer: string;
  readonly reason: OverflowReason;
  readonly value: string | null;
  readonly literal: string | null;
}

/** Everything of one event that is not in a column, in the event's order; at least one entry. */
export interface Overflow {
  readonly entries: readonly OverflowEntry[];
}

/** Returns the entry for a value, with its source text if BigQuery's JSON type would not keep the value. */
export function overflowEntry(
  pointer: string,
  reason: OverflowReason,
  node: JsonNode,
  text: string,
): OverflowEntry {
  return node.isUnicode && node.isJsonExact
    ? { pointer, reason, value: writeJson(node), literal: null }
    : { pointer, reason, value: null, literal: text.slice(node.start, node.end) };
}

/** Returns the bytes that an entry adds to a row, its numbers as the event writes them: exactly what `buildRow` counts. */
export function entryBytes({ pointer, reason, literal }: OverflowEntry, node: JsonNode): number {
  const content =
    literal === null ? '"value":'.length + jsonBytes(node) : '"literal":'.length + textBytes(literal);
  return textBytes(pointer) + ':{"reason":"",},'.length + reason.length + content;
}

function textBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8');
}

/**
 * The `_overflow` column's JSON text.
 *
 * Shape: `{"/a/0":{"reason":"TYPE_CONFLICT","value":"x"},"/b":{"reason":"NOT_UNICODE","literal":"\"\\ud800\""}}`.
 */
export function overflowText({ entries }: Overflow): string {
  const members = entries.map(({ pointer, reason, value, literal }) => {
    const content = value === null ? `"literal":${JSON.stringify(literal)}` : `"value":${value}`;
    return `${JSON.stringify(pointer)}:{"reason":"${reason}",${content}}`;
  });
  return `{${members.join(',')}}`;
}

/** Appends one step to an RFC 6901 pointer. */
export function childPointer(pointer: string, step: string | number): string {
  if (typeof step === 'number') return `${pointer}/${step}`;
  return /[~/]/.test(step)
    ? `${pointer}/${step.replace(/~/g, '~0').replace(/\//g, '~1')}`
    : `${pointer}/${step}`;
}
