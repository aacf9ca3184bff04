import { isJsonObject, type JsonObject } from '../../http/json-object.js';
import { StorageError } from './storage.errors.js';

/** Parse a request body that has to be a JSON object; an empty body is `{}`. Refuses with `parseError`. */
export function parseJsonObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StorageError('parseError', 'Parse Error', { cause });
  }
  if (!isJsonObject(value)) throw new StorageError('parseError', 'The request body is not a JSON object.');
  return value;
}

/**
 * Apply a patch as the JSON API does: `null` removes, objects merge, everything else replaces.
 *
 * Shape: `{a: {x: 1, y: 2}}` + `{a: {y: null, z: 3}}` → `{a: {x: 1, z: 3}}`.
 * Source: docs.cloud.google.com/storage/docs/json_api (patch semantics), read 2026-11-22.
 */
export function mergePatch(current: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(patch)) {
    const before = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isJsonObject(value)) merged.set(key, mergePatch(isJsonObject(before) ? before : {}, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** The keys of `source` that are in `keys`. */
export function pick(source: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(source).filter(([key]) => keys.has(key)));
}
