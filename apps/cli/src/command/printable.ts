/**
 * Characters that act on a terminal or hide text instead of showing it: C0 and C1 controls, DEL, line and paragraph
 * separators, marks and overrides of the writing direction, half surrogate pairs.
 * Source: Unicode Bidirectional Algorithm (UAX #9), explicit formatting characters; ECMA-48 control functions.
 */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A value from outside, made safe for a terminal: what is not printable becomes an escape as in JSON.
 *
 * Shape: `a<ESC>[31m<LF>b` → `a\u001b[31m\nb`. The result is one line.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT[character] ?? escaped(character));
}

/** The same for text of several lines: line feeds stay. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : (SHORT[character] ?? escaped(character)),
  );
}

/** JSON text that parses to the same value, in printable characters and line feeds. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
