import type { Column } from './column.js';
import { readNote } from './description.js';
import type { ObjectNode } from '../values/json-tree.js';

const MIN_KEYS = 8;
/** Children of a RECORD from which on it is closed if three quarters of their keys are data. */
const MIN_CHILDREN = 20;
/** Longer keys do not count as data of a RECORD's children, because a description may record only their hash. */
const MAX_CHILD_KEY = 128;
/** No pattern here nests or alternates over the same characters: each is linear in the length of the key. */
const DATA_KEY_PATTERNS = [
  /^[0-9]+$/,
  /^[0-9A-Fa-f]{16,}$/,
  /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  /^[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?$/,
];

/**
 * Returns true if the keys of this object are data (ids, dates, addresses) rather than names of fields: at least 8 keys of which at least three quarters look like data, or more than `maxKeys` keys at once.
 */
export function hasDataKeys(node: ObjectNode, maxKeys: number): boolean {
  const { members } = node;
  if (members.length > maxKeys) return true;
  if (members.length < MIN_KEYS) return false;
  const matching = members.filter((member) => isDataKey(member.key)).length;
  return matching * 4 >= members.length * 3;
}

/** True if a RECORD takes no more children because their keys are data, which come a few at a time. */
export function hasDataChildren(children: number, dataKeys: number): boolean {
  return children >= MIN_CHILDREN && dataKeys * 4 >= children * 3;
}

/** True if the key of a RECORD's child counts as data. */
export function isDataChild(key: string): boolean {
  return key.length <= MAX_CHILD_KEY && isDataKey(key);
}

/** Returns the number of columns whose key is known and counts as data. */
export function countDataChildren(columns: readonly Column[]): number {
  return columns.filter(({ name, description }) => {
    const { key, keySha256 } = readNote(description);
    return key !== undefined || keySha256 === undefined ? isDataChild(key ?? name) : false;
  }).length;
}

function isDataKey(key: string): boolean {
  return DATA_KEY_PATTERNS.some((pattern) => pattern.test(key)) || isEmail(key);
}

function isEmail(key: string): boolean {
  const at = key.indexOf('@');
  if (at < 1 || key.includes('@', at + 1) || /[ \t\n\r]/.test(key)) return false;
  const domain = key.slice(at + 1);
  return domain.includes('.') && !domain.startsWith('.') && !domain.endsWith('.');
}
