import { isJsonObject } from '../../http/json-object.js';
import { StorageError } from '../state/storage.errors.js';

/** The fields that stay; an empty map keeps the whole value below. */
type Selection = Map<string, Selection>;

/**
 * Keep of a response only what the `fields` parameter names.
 *
 * Shape: `items(name,size),nextPageToken` of a listing → those keys. `*` keeps every key of its level.
 * Source: docs.cloud.google.com/storage/docs/json_api (partial responses), read 2026-11-22.
 */
export function selectFields(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === '') return value;
  const cursor = { text: fields.replaceAll(/\s/g, ''), at: 0 };
  const selection = parseList(cursor);
  if (cursor.at < cursor.text.length) throw invalidSelection(fields);
  return prune(value, selection);
}

function parseList(cursor: { readonly text: string; at: number }): Selection {
  const selection: Selection = new Map();
  do {
    const path = /^[^(),]+/.exec(cursor.text.slice(cursor.at))?.[0];
    if (path === undefined) throw invalidSelection(cursor.text);
    cursor.at += path.length;
    let below = selection;
    for (const key of path.split('/')) {
      const next: Selection = below.get(key) ?? new Map<string, Selection>();
      below.set(key, next);
      below = next;
    }
    if (cursor.text[cursor.at] === '(') {
      cursor.at++;
      for (const [key, deeper] of parseList(cursor)) below.set(key, deeper);
      if (cursor.text[cursor.at++] !== ')') throw invalidSelection(cursor.text);
    }
  } while (cursor.text[cursor.at] === ',' && ++cursor.at > 0);
  return selection;
}

function prune(value: unknown, selection: Selection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => prune(item, selection));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const below = selection.get(key) ?? selection.get('*');
    return below === undefined ? [] : [[key, prune(item, below)] as const];
  });
  return Object.fromEntries(kept);
}

function invalidSelection(fields: string): StorageError {
  return new StorageError('invalid', `Invalid field selection ${fields.slice(0, 200)}`);
}
