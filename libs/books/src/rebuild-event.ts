import { createHash } from 'node:crypto';
import type { SqlRow } from '@pipeline/google-clients';
import {
  explain,
  isSameScalar,
  leavesOf,
  readNote,
  type CompiledSchema,
  type DecodedEvent,
  type ExplainedLeaf,
  type Leaf,
} from '@pipeline/schema-inference';
import { columnOfPath } from './column-of-leaf.js';
import { stepsOf } from './pointer.js';

/**
 * One leaf of an event beside what its row gives back.
 *
 * `same`: found, with the same value; `changed`: found with another; `missing`: not found; `invented`: the row has what
 * the event has not.
 */
export type RebuiltLeaf =
  | { readonly kind: 'same'; readonly leaf: Leaf; readonly found: ExplainedLeaf }
  | { readonly kind: 'changed'; readonly leaf: Leaf; readonly found: ExplainedLeaf }
  | { readonly kind: 'missing'; readonly leaf: Leaf }
  | { readonly kind: 'invented'; readonly found: ExplainedLeaf };

/**
 * Rebuilds an event from its row by the rule of `explain`, and hold every leaf against the original.
 *
 * Order: the event's leaves first, then what was invented. Only `same` keeps the promise that no value is altered.
 */
export function rebuildEvent(event: DecodedEvent, row: SqlRow, compiled: CompiledSchema): RebuiltLeaf[] {
  const { root, text } = event.exact();
  const leaves = leavesOf(root, text);
  const keysBySha256 = hasHashedKeys(compiled) ? hashesOf(leaves) : new Map<string, string>();
  const found = new Map(explain(row, compiled.schema, { keysBySha256 }).map((leaf) => [leaf.pointer, leaf]));
  const rebuilt = leaves.map((leaf): RebuiltLeaf => {
    const inRow = found.get(leaf.pointer);
    found.delete(leaf.pointer);
    if (inRow === undefined) return { kind: 'missing', leaf };
    return { kind: isSameLeaf(leaf, inRow, compiled) ? 'same' : 'changed', leaf, found: inRow };
  });
  return [...rebuilt, ...[...found.values()].map((leaf): RebuiltLeaf => ({ kind: 'invented', found: leaf }))];
}

/** Timestamps are the same instant, date-times the same moment, everything else the same scalar. */
function isSameLeaf(leaf: Leaf, found: ExplainedLeaf, compiled: CompiledSchema): boolean {
  if (isSameScalar(leaf.json, found.json)) return true;
  if (found.column === null) return false;
  const column = columnOfPath(found.column, compiled.schema);
  const type = column?.type;
  if (type === 'TIMESTAMP') return sameText(leaf.json, found.json, toMicros);
  if (type === 'DATETIME') return sameText(leaf.json, found.json, withoutTrailingZeros);
  if (type !== 'STRING' || readNote(column?.description).numbersAsText !== true) return false;
  return isSameScalar(leaf.json, found.json, true);
}

function sameText(left: string, right: string, canonical: (text: string) => string): boolean {
  if (!left.startsWith('"') || !right.startsWith('"')) return false;
  return canonical(JSON.parse(left) as string) === canonical(JSON.parse(right) as string);
}

function toMicros(time: string): string {
  const fraction = /\.(\d{1,6})/.exec(time)?.[1] ?? '';
  const wholeSeconds = Date.parse(time.replace(/\.\d+/, ''));
  return `${wholeSeconds}.${fraction.padEnd(6, '0')}`;
}

function withoutTrailingZeros(time: string): string {
  return time.includes('.') ? time.replace(/\.?0+$/, '') : time;
}

function hasHashedKeys({ schema }: CompiledSchema): boolean {
  let known = hashed.get(schema);
  if (known === undefined) {
    known = JSON.stringify(schema.columns).includes('keySha256');
    hashed.set(schema, known);
  }
  return known;
}
const hashed = new WeakMap<object, boolean>();

function hashesOf(leaves: readonly Leaf[]): Map<string, string> {
  const keys = new Set(leaves.flatMap(({ pointer }) => stepsOf(pointer)));
  return new Map([...keys].map((key) => [createHash('sha256').update(key).digest('hex'), key]));
}
