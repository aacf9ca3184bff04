import { define } from './define.js';

const points = (text: string): string[] => Array.from(text);

/** Cuts like SUBSTR: positions from 1, negative ones from the end, both kept inside. */
export function slice<T>(items: readonly T[], position: bigint, length: bigint): readonly T[] {
  if (length < 0n) throw new Error('Third argument in SUBSTR() cannot be negative');
  const size = BigInt(items.length);
  let start = position > 0n ? position - 1n : position === 0n ? 0n : size + position;
  if (start < 0n) start = 0n;
  if (start >= size) return [];
  const end = start + length > size ? size : start + length;
  return items.slice(Number(start), Number(end));
}

export function leftOf<T>(items: readonly T[], count: bigint, name: string): readonly T[] {
  if (count < 0n) throw new Error(`Second argument in ${name}() cannot be negative`);
  return items.slice(0, Number(count));
}

export function rightOf<T>(items: readonly T[], count: bigint): readonly T[] {
  if (count < 0n) throw new Error('Second argument in RIGHT() cannot be negative');
  return count === 0n ? [] : items.slice(Math.max(items.length - Number(count), 0));
}

/**
 * Longest result of REPEAT, LPAD and RPAD, in bytes.
 * Source: github.com/google/zetasql, zetasql/public/functions/string.cc, read 2026-11-29.
 */
const MAX_OUTPUT_BYTES = 1_048_576;

/** Throws if a function would give more than {@link MAX_OUTPUT_BYTES}. */
export function checkOutput(name: string, bytes: number): void {
  if (bytes > MAX_OUTPUT_BYTES) throw new Error(`Output of ${name} exceeds max allowed output size of 1MB`);
}

/** The items that pad a text to a length; none if it is long enough. */
export function padding<T>(items: readonly T[], length: bigint, pattern: readonly T[]): readonly T[] {
  if (length < 0n) throw new Error('Second argument in LPAD()/RPAD() cannot be negative');
  if (pattern.length === 0) throw new Error('Third argument (pad pattern) in LPAD()/RPAD() cannot be empty');
  checkOutput('LPAD/RPAD', Number(length));
  const missing = Number(length) - items.length;
  return Array.from({ length: Math.max(missing, 0) }, (_, index) => pattern[index % pattern.length] as T);
}

const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`, 'u');
const TRAILING = new RegExp(`${SPACE}+$`, 'u');

/** Takes off items of the set at the ends. */
export function trimmed<T>(
  items: readonly T[],
  set: readonly T[],
  ends: 'left' | 'right' | 'both',
): readonly T[] {
  const members = new Set(set);
  let [start, end] = [0, items.length];
  if (ends !== 'right') while (start < end && members.has(items[start] as T)) start += 1;
  if (ends !== 'left') while (end > start && members.has(items[end - 1] as T)) end -= 1;
  return items.slice(start, end);
}

function initcap(text: string, delimiters: string): string {
  const stops = new Set(points(delimiters));
  let isStart = true;
  return points(text)
    .map((point) => {
      const shown = isStart ? point.toUpperCase() : point.toLowerCase();
      isStart = stops.has(point);
      return shown;
    })
    .join('');
}

const WORD_ENDS = ' \t\n\r\f\v[](){}/|<>!?@"^#$&~_,.:;*%+-';

function codePoint(code: bigint): string {
  const isValid = code >= 0n && code <= 0x10ffffn && !(code >= 0xd800n && code <= 0xdfffn);
  if (!isValid) throw new Error(`Invalid codepoint ${code}`);
  return code === 0n ? '' : String.fromCodePoint(Number(code));
}

const CODES: Readonly<Record<string, string>> = {
  ...Object.fromEntries('BFPV'.split('').map((letter) => [letter, '1'])),
  ...Object.fromEntries('CGJKQSXZ'.split('').map((letter) => [letter, '2'])),
  D: '3',
  T: '3',
  L: '4',
  M: '5',
  N: '5',
  R: '6',
};

function soundex(text: string): string {
  const letters = text.toUpperCase().replaceAll(/[^A-Z]/g, '');
  if (letters === '') return '';
  let result = letters[0] ?? '';
  let before = CODES[result];
  for (const letter of letters.slice(1)) {
    const code = CODES[letter];
    if (code !== undefined && code !== before) result += code;
    if (letter !== 'H' && letter !== 'W') before = code;
  }
  return result.padEnd(4, '0').slice(0, 4);
}

function translate(text: string, from: string, to: string): string {
  const [sources, targets] = [points(from), points(to)];
  const table = new Map<string, string>();
  sources.forEach((source, index) => {
    if (table.has(source)) throw new Error('Duplicate character in TRANSLATE source characters');
    table.set(source, targets[index] ?? '');
  });
  return points(text)
    .map((point) => table.get(point) ?? point)
    .join('');
}

function repeat(text: string, count: bigint): string {
  if (count < 0n) throw new Error('Second argument in REPEAT() cannot be negative');
  checkOutput('REPEAT', Buffer.byteLength(text) * Number(count));
  return text.repeat(Number(count));
}

function ascii(text: string): bigint {
  const code = text.codePointAt(0) ?? 0;
  if (code > 127) throw new Error('Non-ASCII argument to ASCII');
  return BigInt(code);
}

function normalize(text: string, form: string, fold: boolean): string {
  const plain = text.normalize(form);
  return fold ? plain.toLowerCase().replaceAll('ß', 'ss').normalize(form) : plain;
}

/** Functions on STRING; they count code points. Source: docs/reference/standard-sql/string_functions. */
export const TEXT_FUNCTIONS = [
  define('substr', ['VARCHAR', 'BIGINT', 'BIGINT'], 'VARCHAR', (text, position, length) =>
    slice(points(text), position, length).join(''),
  ),
  define('left', ['VARCHAR', 'BIGINT'], 'VARCHAR', (text, count) =>
    leftOf(points(text), count, 'LEFT').join(''),
  ),
  define('right', ['VARCHAR', 'BIGINT'], 'VARCHAR', (text, count) => rightOf(points(text), count).join('')),
  define('lpad', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (text, length, pattern) => {
    const items = points(text);
    return [...padding(items, length, points(pattern)), ...items]
      .slice(0, Math.max(Number(length), 0))
      .join('');
  }),
  define('rpad', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (text, length, pattern) => {
    const items = points(text);
    return [...items, ...padding(items, length, points(pattern))]
      .slice(0, Math.max(Number(length), 0))
      .join('');
  }),
  define('trim', ['VARCHAR'], 'VARCHAR', (text) => text.replace(LEADING, '').replace(TRAILING, '')),
  define('ltrim', ['VARCHAR'], 'VARCHAR', (text) => text.replace(LEADING, '')),
  define('rtrim', ['VARCHAR'], 'VARCHAR', (text) => text.replace(TRAILING, '')),
  define('trim_of', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, set) =>
    trimmed(points(text), points(set), 'both').join(''),
  ),
  define('ltrim_of', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, set) =>
    trimmed(points(text), points(set), 'left').join(''),
  ),
  define('rtrim_of', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, set) =>
    trimmed(points(text), points(set), 'right').join(''),
  ),
  define('initcap_words', ['VARCHAR'], 'VARCHAR', (text) => initcap(text, WORD_ENDS)),
  define('initcap', ['VARCHAR', 'VARCHAR'], 'VARCHAR', initcap),
  define('lower', ['VARCHAR'], 'VARCHAR', (text) => text.toLowerCase()),
  define('upper', ['VARCHAR'], 'VARCHAR', (text) => text.toUpperCase()),
  define('reverse', ['VARCHAR'], 'VARCHAR', (text) => points(text).reverse().join('')),
  define('repeat', ['VARCHAR', 'BIGINT'], 'VARCHAR', repeat),
  define('translate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', translate),
  define('soundex', ['VARCHAR'], 'VARCHAR', soundex),
  define('normalize', ['VARCHAR', 'VARCHAR', 'BOOLEAN'], 'VARCHAR', normalize),
  define('ascii', ['VARCHAR'], 'BIGINT', ascii),
  define('unicode', ['VARCHAR'], 'BIGINT', (text) => BigInt(text.codePointAt(0) ?? 0)),
  define('chr', ['BIGINT'], 'VARCHAR', codePoint),
  define('code_points_to_string', ['BIGINT[]'], 'VARCHAR', (codes) =>
    codes.includes(null) ? null : codes.map((code) => codePoint(code ?? 0n)).join(''),
  ),
  define('to_code_points', ['VARCHAR'], 'BIGINT[]', (text) =>
    points(text).map((point) => BigInt(point.codePointAt(0) ?? 0)),
  ),
  define('split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text, delimiter) =>
    delimiter === '' ? points(text) : text.split(delimiter),
  ),
];
