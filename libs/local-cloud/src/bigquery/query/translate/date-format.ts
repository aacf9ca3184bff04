import { quoteText } from '../../warehouse/duckdb-types.js';
import { notTranslated } from './sql-tree.js';

// What both know under one letter, and what DuckDB spells otherwise.
const SAME = new Set('aAbBdHIjmMpSUwyYW%'.split(''));
const SPELLINGS: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  h: '%b',
  e: '%-d',
  n: '\n',
  t: '\t',
};

/** A GoogleSQL format (`%Y-%m-%dT%H:%M:%E6S%Ez`) as a DuckDB literal; refuses elements that DuckDB has not. */
export function dateFormat(format: string, parsing: boolean): string {
  const text = format.replaceAll(/%(E[\dY*]?S|E4Y|Ez|E\*S|.)/g, (element, letter: string) => {
    if (SAME.has(letter)) return element;
    const spelling = SPELLINGS[letter];
    if (spelling !== undefined) return spelling;
    if (letter === 'E6S' || letter === 'E*S') return '%S.%f';
    if (letter === 'E3S') return '%S.%g';
    if (letter === 'E4Y') return '%Y';
    if (letter === 'Z' || letter === 'Ez') return parsing ? '%z' : letter === 'Z' ? 'UTC' : '+00:00';
    if (letter === 'z') return parsing ? '%z' : '+0000';
    throw notTranslated(`the date format element ${element}`);
  });
  return quoteText(text);
}
