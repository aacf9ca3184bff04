import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { printable, printableJson, printableLines } from './printable.js';

/** Everything but letters, marks, numbers, punctuation, symbols, spaces, private use and what is not assigned. */
const DANGEROUS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;

describe('printable', () => {
  it.each([
    ['colours', 'a\u001b[31mb', String.raw`a\u001b[31mb`],
    ['a window title', '\u001b]0;pwn\u0007', String.raw`\u001b]0;pwn\u0007`],
    ['a forged line', 'order\r\n0 unaccounted', String.raw`order\r\n0 unaccounted`],
    ['a C1 control', 'a\u009b31m', String.raw`a\u009b31m`],
    ['DEL and NUL', '\u007f\u0000', String.raw`\u007f\u0000`],
    ['separators', 'a\u2028b\u2029c', String.raw`a\u2028b\u2029c`],
    ['an override of the direction', 'a\u202egnp.exe', String.raw`a\u202egnp.exe`],
    ['isolates', '\u2066a\u2069\u200f\u061c', String.raw`\u2066a\u2069\u200f\u061c`],
    ['half a surrogate pair', '\ud800a', String.raw`\ud800a`],
  ])('escapes %s', (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it.each(['Grüße', '数量', '😀', 'שלום', 'a\\nb', '"quoted"', ''])('leaves %j as it is', (text) => {
    expect(printable(text)).toBe(text);
  });

  it('leaves nothing dangerous of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(DANGEROUS);
        expect(printableLines(text).replaceAll('\n', '')).not.toMatch(DANGEROUS);
      }),
    );
  });
});

describe('printableJson', () => {
  it('parses to the same value, in printable characters and line feeds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = printableJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json.replaceAll('\n', '')).not.toMatch(DANGEROUS);
      }),
    );
  });
});
