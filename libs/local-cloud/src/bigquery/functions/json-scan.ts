import type { JsonStep } from './json-path.js';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Finds the text of the value at a path of a valid JSON text, without a tree: a document of megabytes costs one pass and
 * no memory. Of a key that occurs twice the first value counts.
 *
 * Example: `('{"a":{"b":[1,2]}}', ['a','b'])` → `'[1,2]'`. Undefined if there is no value at the path.
 */
export function scanJson(text: string, steps: readonly JsonStep[]): string | undefined {
  let at = skipSpace(text, 0);
  for (const step of steps) {
    const opening = text.charCodeAt(at);
    if (opening !== (typeof step === 'number' ? OPEN_BRACKET : OPEN_BRACE)) return undefined;
    const found = typeof step === 'number' ? elementAt(text, at, step) : memberAt(text, at, step);
    if (found === undefined) return undefined;
    at = found;
  }
  return text.slice(at, endOfValue(text, at));
}

/** The place of an element of the array that begins at `at`. */
function elementAt(text: string, at: number, index: number): number | undefined {
  let here = skipSpace(text, at + 1);
  for (let left = index; text.charCodeAt(here) !== CLOSE_BRACKET; left--) {
    if (left === 0) return here;
    here = skipSpace(text, endOfValue(text, here));
    if (text.charCodeAt(here) !== COMMA) return undefined;
    here = skipSpace(text, here + 1);
  }
  return undefined;
}

/** The place of the value of a key in the object that begins at `at`. */
function memberAt(text: string, at: number, key: string): number | undefined {
  let here = skipSpace(text, at + 1);
  while (text.charCodeAt(here) === QUOTE) {
    const end = endOfString(text, here);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (isKey(text.slice(here, end), key)) return value;
    here = skipSpace(text, endOfValue(text, value));
    if (text.charCodeAt(here) !== COMMA) return undefined;
    here = skipSpace(text, here + 1);
  }
  return undefined;
}

function isKey(quoted: string, key: string): boolean {
  return quoted.includes('\\') ? JSON.parse(quoted) === key : quoted.slice(1, -1) === key;
}

function endOfValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return endOfString(text, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return endOfPlain(text, at);
  let depth = 0;
  for (let here = at; here < text.length; here++) {
    const code = text.charCodeAt(here);
    if (code === QUOTE) here = endOfString(text, here) - 1;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return here + 1;
  }
  return text.length;
}

/** The end of a number, `true`, `false` or `null`. */
function endOfPlain(text: string, at: number): number {
  let here = at;
  while (here < text.length && !isEnd(text.charCodeAt(here))) here++;
  return here;
}

function isEnd(code: number): boolean {
  return code === COMMA || code === COLON || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 0x20;
}

function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function skipSpace(text: string, at: number): number {
  let here = at;
  while (text.charCodeAt(here) <= 0x20) here++;
  return here;
}
