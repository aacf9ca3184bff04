/**
 * The keys and indexes of an RFC 6901 pointer.
 *
 * Shape: `/items/0/a~1b` → `['items', '0', 'a/b']`.
 */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The RFC 6901 pointer of keys and indexes: the reverse of {@link stepsOf}. */
export function pointerTo(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** SQL for a text whose steps of digits are `*`, every other one of those that follow each other: a match takes the slash after it. */
const starred = (text: string): string => `REGEXP_REPLACE(${text}, r'/[0-9]+(/|$)', r'/*\\1')`;

/**
 * SQL for the path of the column `pointer`: steps of digits only, which are indexes of arrays, become `*`, so that `/0abc` stays. It is
 * done twice because RE2 has no lookahead. An object key of digits only becomes `*` too: a pointer does not distinguish them.
 *
 * Shape: `/items/3/sku` → `/items/*\/sku`; `/0abc` → `/0abc`.
 */
export const PATH_OF_POINTER = starred(starred('pointer'));

/**
 * SQL for the pointer of the column `quoted`, a key that `JSON_KEYS` gave: it puts keys with special characters in double quotes, and a
 * pointer has some. Quotes within are escaped.
 * Source: GoogleSQL JSON functions, JSON_KEYS, read 2026-11-29; the escape is that of the local BigQuery.
 *
 * Shape: `"/a b"` → `/a b`; `"/19\""` → `/19"`.
 */
export const POINTER_OF_KEY = `REPLACE(REGEXP_REPLACE(quoted, r'^"|"$', ''), r'\\"', '"')`;
