import type { ObjectNode } from '../values/json-tree.js';

const MIN_KEYS = 8;
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

function isDataKey(key: string): boolean {
  return DATA_KEY_PATTERNS.some((pattern) => pattern.test(key)) || isEmail(key);
}

function isEmail(key: string): boolean {
  const at = key.indexOf('@');
  if (at < 1 || key.includes('@', at + 1) || /[ \t\n\r]/.test(key)) return false;
  const domain = key.slice(at + 1);
  return domain.includes('.') && !domain.startsWith('.') && !domain.endsWith('.');
}
