import { isArrayIndex } from '../values/large-text.js';
import type { JsonNode, ObjectNode } from '../values/json-tree.js';
import type { Parsed, ParsedObject } from './parsed-walk.js';
import { writeJson } from '../values/write-json.js';

/** One member of the message, as far as the rules about the message itself need it. */
export interface RootMember {
  readonly kind: JsonNode['kind'];
  /** The value of a string; null for anything else. */
  readonly string: string | null;
}

/** A message's root object, parsed or as an exact tree. */
export interface RootObject {
  /** The member of that key; null counts as absent. */
  member(key: string): RootMember | undefined;
  /** The value at a path of keys and array indexes; null counts as absent. */
  at(path: readonly string[]): RootMember | undefined;
  /** Every member's key and its value as JSON text that BigQuery keeps. */
  entries(): Iterable<readonly [string, string]>;
}

/** The root as `JSON.parse` returned it; it must be known to be exact. */
export function parsedRoot(value: ParsedObject): RootObject {
  const at = (path: readonly string[]): RootMember | undefined => {
    const found = parsedAt(value, path);
    return found === undefined || found === null ? undefined : parsedMember(found);
  };
  return {
    member: (key) => at([key]),
    at,
    entries: () => Object.entries(value).map(([key, member]) => [key, JSON.stringify(member)] as const),
  };
}

/** An index of an array as RFC 6901 writes it. */

/** Returns the value at a path of a parsed value, or undefined. */
export function parsedAt(root: Parsed, path: readonly string[]): Parsed | undefined {
  let value: Parsed | undefined = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value))
      value = isArrayIndex(step) ? (value as readonly Parsed[])[Number(step)] : undefined;
    else value = Object.hasOwn(value, step) ? (value as ParsedObject)[step] : undefined;
  }
  return value;
}

function nodeAt(root: JsonNode, path: readonly string[]): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'object') node = node.members.find((candidate) => candidate.key === step)?.value;
    else if (node?.kind === 'array') node = isArrayIndex(step) ? node.elements[Number(step)] : undefined;
    else return undefined;
  }
  return node;
}

function parsedMember(value: Parsed): RootMember {
  if (typeof value === 'string') return { kind: 'string', string: value };
  if (value === null) return { kind: 'null', string: null };
  if (typeof value === 'object') return { kind: Array.isArray(value) ? 'array' : 'object', string: null };
  return { kind: typeof value === 'number' ? 'number' : 'boolean', string: null };
}

/** The root as an exact tree. */
export function treeRoot(root: ObjectNode, text: string): RootObject {
  const at = (path: readonly string[]): RootMember | undefined => {
    const node = nodeAt(root, path);
    if (node === undefined || node.kind === 'null') return undefined;
    return { kind: node.kind, string: node.kind === 'string' ? node.value : null };
  };
  return {
    member: (key) => at([key]),
    at,
    entries: () => root.members.map(({ key, value }) => [key, keptText(value, text)] as const),
  };
}

/** Keeps a value that BigQuery's JSON type would alter as its source text, as the overflow does. */
function keptText(node: JsonNode, text: string): string {
  if (node.isUnicode && node.isJsonExact) return writeJson(node);
  return JSON.stringify({ literal: text.slice(node.start, node.end) });
}
