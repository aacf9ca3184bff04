import { define } from './define.js';

/** The position of the first occurrence in characters, from 1; 0 if there is none. */
function strpos(text: string, part: string): bigint {
  const index = text.indexOf(part);
  if (index < 0) return 0n;
  let pairs = 0;
  for (let at = 0; at < index; at += 1) if ((text.charCodeAt(at) & 0xfc_00) === 0xdc_00) pairs += 1;
  return BigInt(index - pairs + 1);
}

/** The position of an occurrence, from 1; 0 if there is none. Negative starts search backwards. */
function instr(text: string, part: string, start: bigint, occurrence: bigint): bigint {
  if (start === 0n) throw new Error('Position in INSTR() cannot be 0');
  if (occurrence < 1n) throw new Error('Occurrence in INSTR() must be positive');
  if (start === 1n && occurrence === 1n) return strpos(text, part);
  const [items, wanted] = [Array.from(text), Array.from(part)];
  if (wanted.length === 0) return start > 0n && start <= BigInt(items.length) + 1n ? start : 0n;
  const isAt = (index: number): boolean => wanted.every((item, offset) => items[index + offset] === item);
  const step = start > 0n ? 1 : -1;
  let left = Number(occurrence);
  for (
    let index = start > 0n ? Number(start) - 1 : items.length + Number(start);
    index >= 0 && index < items.length;
    index += step
  )
    if (isAt(index)) {
      left -= 1;
      if (left === 0) return BigInt(index + 1);
    }
  return 0n;
}

function distance(a: string, b: string): bigint {
  const [left, right] = [Array.from(a), Array.from(b)];
  let row = right.map((_, index) => index + 1);
  row.unshift(0);
  for (const [i, item] of left.entries()) {
    const next = [i + 1];
    for (const [j, other] of right.entries())
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (item === other ? 0 : 1)),
      );
    row = next;
  }
  return BigInt(row.at(-1) ?? 0);
}

// Groups that capture: a parenthesis that is not escaped, in no class, and not `(?…`, unless it has a name.
function groups(pattern: string): number {
  const plain = pattern.replaceAll(/\\./gs, '').replaceAll(/\[[^\]]*\]/g, '');
  return (plain.match(/\((?!\?)|\(\?P?<(?![=!])/g) ?? []).length;
}

function checkedGroups(pattern: string): number {
  const count = groups(pattern);
  if (count > 1) throw new Error('Regular expression has more than 1 capturing group');
  return count;
}

/** A pattern of RE2 as JavaScript's. Errors: for what JavaScript does not know. */
function patternOf(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = pattern.slice(flags?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  try {
    return new RegExp(body, `gu${flags?.[1] ?? ''}`);
  } catch (error) {
    throw new Error(`Not supported by this server: the regular expression ${pattern} in REGEXP_INSTR`, {
      cause: error,
    });
  }
}

function position(text: string, pattern: string, start: bigint, occurrence: bigint, after: bigint): bigint {
  if (start < 1n || occurrence < 1n || (after !== 0n && after !== 1n))
    throw new Error('Position, occurrence and occurrence position of REGEXP_INSTR must be valid');
  const hasGroup = checkedGroups(pattern) === 1;
  const from = Array.from(text)
    .slice(0, Number(start) - 1)
    .join('').length;
  const [match] = [...text.slice(from).matchAll(patternOf(pattern))].slice(Number(occurrence) - 1);
  if (match === undefined) return 0n;
  const found = hasGroup ? (match[1] ?? '') : match[0];
  const at = from + match.index + (hasGroup ? match[0].indexOf(found) : 0);
  return BigInt(Array.from(text.slice(0, after === 1n ? at + found.length : at)).length + 1);
}

// `1,234.5`, `- 12` and `12-` as PARSE_NUMERIC takes them.
function plainNumber(text: string): string {
  const match = /^\s*([+-]?)\s*([\d,]*\.?\d*(?:[eE][+-]?\d+)?)\s*([+-]?)\s*$/.exec(text);
  const [, before = '', digits = '', behind = ''] = match ?? [];
  if (match === null || !/\d/.test(digits) || (before !== '' && behind !== ''))
    throw new Error(`Invalid input to PARSE_NUMERIC: "${text}"`);
  return `${before}${behind}${digits.replaceAll(',', '')}`;
}

export const TEXT_SEARCH_FUNCTIONS = [
  define('regexp_position', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', position),
  define('plain_number', ['VARCHAR'], 'VARCHAR', plainNumber),
  define('instr', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'BIGINT', instr),
  define('edit_distance', ['VARCHAR', 'VARCHAR'], 'BIGINT', distance),
  define('contains_substr', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, part) => {
    const folded = (value: string): string => value.normalize('NFKC').toLowerCase();
    return folded(text).includes(folded(part));
  }),
  define('regexp_group', ['VARCHAR'], 'BIGINT', (pattern) => BigInt(checkedGroups(pattern))),
  define('regexp_rewrite', ['VARCHAR'], 'VARCHAR', (rewrite) => {
    const bad = /\\(?![0-9\\])/.exec(rewrite);
    if (bad !== null) throw new Error('Invalid REGEXP_REPLACE pattern: \\ must be followed by a digit or \\');
    return rewrite;
  }),
];
