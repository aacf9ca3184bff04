import { sha256Hex } from '../values/sha256.js';

const MAX_TABLE_NAME = 200;
const HASH_DIGITS = 8;
const RESERVED_TABLES: ReadonlySet<string> = new Set(['dead_letters', 'information_schema']);

/**
 * Returns the table of an event type.
 *
 * Shape: `UserSignedUp` → `user_signed_up`, `order.created` → `order_created`; `routes` (`{order: 'orders'}`) goes
 * first and is used unchanged. A key with `*` (`webhook.*`) is a pattern: `*` is any run of characters, also none. An exact
 * key goes before patterns, and of these the one with the most characters besides `*`.
 * Limits: at most 200 characters `[a-z0-9_]`, beginning with a letter; never a name that a view of the dataset has.
 */
export function routeEventType(eventType: string, routes?: Readonly<Record<string, string>>): string {
  const routed = routes === undefined ? undefined : routeOf(eventType, routes);
  if (routed !== undefined) return routed;
  let name = snakeCase(eventType);
  if (name === '') name = `t_${sha256Hex(eventType).slice(0, HASH_DIGITS)}`;
  if (/^[0-9]/.test(name)) name = `t_${name}`;
  if (name.endsWith('_unique') || RESERVED_TABLES.has(name)) name += '_';
  if (name.length <= MAX_TABLE_NAME) return name;
  return `${name.slice(0, MAX_TABLE_NAME - 1 - HASH_DIGITS)}_${sha256Hex(eventType).slice(0, HASH_DIGITS)}`;
}

function routeOf(eventType: string, routes: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(routes, eventType)) return routes[eventType];
  const [first] = Object.keys(routes)
    .filter((key) => key.includes('*') && matches(eventType, key))
    .sort(byLength);
  return first === undefined ? undefined : routes[first];
}

/** The longer text first; of equal ones the smaller, by UTF-16 units, so that the order of the setting does not matter. */
function byLength(a: string, b: string): number {
  const difference = textLength(b) - textLength(a);
  return difference === 0 ? (a < b ? -1 : 1) : difference;
}

function textLength(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

/** Finds each text at its first place after the one before: linear in the length of the type for each text. */
function matches(eventType: string, pattern: string): boolean {
  const texts = pattern.split('*');
  const first = texts[0] ?? '';
  const last = texts.at(-1) ?? '';
  if (!eventType.startsWith(first)) return false;
  let at = first.length;
  for (const text of texts.slice(1, -1)) {
    const found = eventType.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return eventType.length - last.length >= at && eventType.endsWith(last);
}

/** Every pattern looks at one or two characters at each position: linear in the length of the type. */
function snakeCase(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();
}
