import { invalidQuery } from '../../rules/api-error.js';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};
const ESCAPE = /\\(?:x[0-9A-Fa-f]{2}|X[0-9A-Fa-f]{2}|[0-3][0-7]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^])/gu;

/**
 * The value of a string or bytes literal with its prefix (`r`, `b`, both or none) in lower case.
 *
 * The value of a bytes literal has one character per byte (latin1).
 * Errors: `invalidQuery` for escapes that GoogleSQL does not know.
 * Source: docs/reference/standard-sql/lexical#escape_sequences, read 2026-11-29.
 */
export function stringValue(literal: string, place: () => string): { prefix: string; value: string } {
  const prefix = (/^[rRbB]*/.exec(literal)?.[0] ?? '').toLowerCase();
  const body = literal.slice(prefix.length);
  const quotes = /^("""|''')/.test(body) ? 3 : 1;
  const inside = body.slice(quotes, -quotes).replaceAll(/\r\n?/g, '\n');
  const isBytes = prefix.includes('b');
  const written = isBytes ? Buffer.from(inside, 'utf8').toString('latin1') : inside;
  if (prefix.includes('r')) return { prefix, value: written };
  return { prefix, value: written.replaceAll(ESCAPE, (escape) => unescape(escape, isBytes, place)) };
}

function unescape(escape: string, isBytes: boolean, place: () => string): string {
  const rest = escape.slice(1);
  const kind = rest[0] ?? '';
  const known = rest.length === 1 ? ESCAPES[rest] : undefined;
  if (known !== undefined) return known;
  if (rest.length > 1 && /[xX]/.test(kind)) return String.fromCodePoint(parseInt(rest.slice(1), 16));
  if (rest.length === 3 && /\d/.test(kind)) return String.fromCodePoint(parseInt(rest, 8));
  const code = rest.length > 1 && /[uU]/.test(kind) && !isBytes ? parseInt(rest.slice(1), 16) : NaN;
  if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return String.fromCodePoint(code);
  throw invalidQuery(`Syntax error: Illegal escape sequence: ${escape} ${place()}`);
}
