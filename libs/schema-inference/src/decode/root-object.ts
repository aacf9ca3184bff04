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
  /** Every member's key and its value as JSON text that BigQuery keeps. */
  entries(): Iterable<readonly [string, string]>;
}

/** The root as `JSON.parse` returned it; it must be known to be exact. */
export function parsedRoot(value: ParsedObject): RootObject {
  return {
    member(key) {
      const member = Object.hasOwn(value, key) ? value[key] : null;
      return member === undefined || member === null ? undefined : parsedMember(member);
    },
    entries: () => Object.entries(value).map(([key, member]) => [key, JSON.stringify(member)] as const),
  };
}

function parsedMember(value: Parsed): RootMember {
  if (typeof value === 'string') return { kind: 'string', string: value };
  if (value === null) return { kind: 'null', string: null };
  if (typeof value === 'object') return { kind: Array.isArray(value) ? 'array' : 'object', string: null };
  return { kind: typeof value === 'number' ? 'number' : 'boolean', string: null };
}

/** The root as an exact tree. */
export function treeRoot(root: ObjectNode, text: string): RootObject {
  return {
    member(key) {
      const node = root.members.find((candidate) => candidate.key === key)?.value;
      if (node === undefined || node.kind === 'null') return undefined;
      return { kind: node.kind, string: node.kind === 'string' ? node.value : null };
    },
    entries: () => root.members.map(({ key, value }) => [key, keptText(value, text)] as const),
  };
}

/** Keeps a value that BigQuery's JSON type would alter as its source text, as the overflow does. */
function keptText(node: JsonNode, text: string): string {
  if (node.isUnicode && node.isJsonExact) return writeJson(node);
  return JSON.stringify({ literal: text.slice(node.start, node.end) });
}
