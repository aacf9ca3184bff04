import type { JsonValue } from './row.js';

/** Bytes of a row as compact UTF-8 JSON. */
export function rowBytes(row: Readonly<Record<string, JsonValue>>): number {
  return Buffer.byteLength(JSON.stringify(row), 'utf8');
}
