import { invalidQuery } from '../../rules/api-error.js';
import { isJsonObject, type JsonObject } from '../../rules/json.js';

/** A node of the parsed statement: its kind, and what it holds. */
export interface SqlNode {
  readonly kind: string;
  readonly body: JsonObject;
}

/** Reads a tree entry `{kind: body}`; an entry that is a bare kind has an empty body. */
export function nodeOf(value: unknown): SqlNode {
  if (typeof value === 'string') return { kind: value, body: {} };
  if (!isJsonObject(value)) throw notTranslated('an empty expression');
  const [entry] = Object.entries(value);
  if (entry === undefined) throw notTranslated('an empty expression');
  const [kind, body] = entry;
  return { kind, body: isJsonObject(body) ? body : {} };
}

/** The list under `key`, empty when there is none. */
export function listOf(body: JsonObject, key: string): readonly unknown[] {
  const value = body[key];
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The object under `key`, `undefined` when it is null, absent or another kind of value. */
export function childOf(body: JsonObject, key: string): JsonObject | undefined {
  const value = body[key];
  return isJsonObject(value) ? value : undefined;
}

/** Name of an identifier entry `{name, quoted}`; `undefined` where there is none. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}

/** Whether anything is under `key` that means something: not null, false or an empty list. */
export function isSet(body: JsonObject, key: string): boolean {
  const value = body[key];
  if (value === undefined || value === null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}

/** Throws for parts of a node that the translation does not know: nothing is dropped in silence. */
export function refuseParts(node: string, body: JsonObject, known: readonly string[]): void {
  for (const key of Object.keys(body))
    if (!known.includes(key) && !IGNORED.has(key) && isSet(body, key))
      throw notTranslated(`${node}: ${key.replaceAll('_', ' ')}`);
}

// Positions, comments and spelling: they do not change what a statement means.
const IGNORED = new Set([
  'span',
  'leading_comments',
  'trailing_comments',
  'post_select_comments',
  'pre_alias_comments',
  'pre_from_comments',
  'operator_comments',
  'left_comments',
  'inferred_type',
  'alias_explicit_as',
  'alias_keyword',
  'original_name',
  'name',
  'nesting_group',
  'kind_text',
  'start_side_text',
  'end_side_text',
  'no_parens',
  'use_bracket_syntax',
  'double_colon_syntax',
]);

/** 400 `invalidQuery` for GoogleSQL that this server does not know. */
export function notTranslated(what: string): Error {
  return invalidQuery(`Not supported by this server: ${what}`);
}
