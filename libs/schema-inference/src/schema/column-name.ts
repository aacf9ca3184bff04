import { lowerAscii } from './column.js';
import { sha256Hex } from '../values/sha256.js';

/** Longest name this library makes; BigQuery allows 300. */
const MAX_NAME = 128;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const HASH_DIGITS = [8, 16, 32, 64];

/** Prefixes BigQuery keeps for itself, in lower case. Source: BigQuery, column names, read 2026-11-22. */
const RESERVED_PREFIXES = [
  '_table_',
  '_file_',
  '_partition',
  '_row_timestamp',
  '__root__',
  '_colidentifier',
  '_change_sequence_number',
  '_change_type',
  '_change_timestamp',
];

/**
 * The name of a new column for an event key.
 *
 * Shape: `order_id` → `order_id`, `order-id` → `order_id`, `2nd` → `_2nd`, `日本` → `_` + 8 hex digits of its SHA-256.
 * `isTaken` is asked with a lower-cased name; a name that is taken gets `_` + hex, longer until it is free.
 * @returns a name that is taken only if even the 64-digit form is.
 */
export function columnName(key: string, isTaken: (lowerCaseName: string) => boolean): string {
  const base = baseName(key);
  if (base !== '' && base.length <= MAX_NAME && !isTaken(lowerAscii(base))) return base;
  const hash = sha256Hex(key);
  let name = '';
  for (const digits of HASH_DIGITS) {
    name = withHash(base, hash.slice(0, digits));
    if (!isTaken(lowerAscii(name))) break;
  }
  return name;
}

/** True if the key is the column's name unless that name is taken. */
export function isOwnName(key: string): boolean {
  return PLAIN_NAME.test(key) && !isReserved(key);
}

/** The key in the characters of a name, of any length; empty when no letter and no digit is left of it. */
function baseName(key: string): string {
  if (isOwnName(key)) return key;
  const name = key
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_]/gu, '_');
  if (!/[A-Za-z0-9]/.test(name)) return '';
  return /^[0-9]/.test(name) || isReserved(name) ? `_${name}` : name;
}

function withHash(base: string, hash: string): string {
  return `${base.slice(0, MAX_NAME - 1 - hash.length)}_${hash}`;
}

function isReserved(name: string): boolean {
  if (!name.startsWith('_')) return false;
  const lower = lowerAscii(name.slice(0, 32));
  return RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}
