import { sha256Hex } from '../values/sha256.js';

const MAX_TABLE_NAME = 200;
const HASH_DIGITS = 8;
const RESERVED_TABLES: ReadonlySet<string> = new Set(['dead_letters', 'information_schema']);

/**
 * Returns the table of an event type.
 *
 * Shape: `UserSignedUp` → `user_signed_up`, `order.created` → `order_created`; `routes` (`{order: 'orders'}`) goes
 * first and is used unchanged.
 * Limits: at most 200 characters `[a-z0-9_]`, beginning with a letter; never a name that a view of the dataset has.
 */
export function routeEventType(eventType: string, routes?: Readonly<Record<string, string>>): string {
  if (routes !== undefined && Object.hasOwn(routes, eventType)) {
    const routed = routes[eventType];
    if (routed !== undefined) return routed;
  }
  let name = snakeCase(eventType);
  if (name === '') name = `t_${sha256Hex(eventType).slice(0, HASH_DIGITS)}`;
  if (/^[0-9]/.test(name)) name = `t_${name}`;
  if (name.endsWith('_unique') || RESERVED_TABLES.has(name)) name += '_';
  if (name.length <= MAX_TABLE_NAME) return name;
  return `${name.slice(0, MAX_TABLE_NAME - 1 - HASH_DIGITS)}_${sha256Hex(eventType).slice(0, HASH_DIGITS)}`;
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
