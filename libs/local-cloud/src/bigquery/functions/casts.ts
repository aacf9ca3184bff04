import { parseDate, parseDatetime, parseTime } from '../rules/civil-time.js';
import { define } from './define.js';
import { floatText } from './float-text.js';
import { datetimeText, timestampText, timeText } from './times.js';
import { instantOf } from './zones.js';

const INT64_MAX = 2n ** 63n - 1n;

/** Decimal or hexadecimal digits with a sign; space around them does not count. */
function parseInt64(text: string): bigint {
  const match = /^\s*([+-]?)(0[xX][0-9A-Fa-f]+|\d+)\s*$/.exec(text);
  const size = match === null ? undefined : BigInt(match[2] ?? '0');
  const value = size === undefined ? undefined : match?.[1] === '-' ? -size : size;
  if (value === undefined || value > INT64_MAX || value < -INT64_MAX - 1n)
    throw new Error(`Bad int64 value: ${text}`);
  return value;
}

function parseFloat64(text: string): number {
  const trimmed = text.trim();
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return NaN;
    return special[1] === '-' ? -Infinity : Infinity;
  }
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : NaN;
  if (!Number.isFinite(value)) throw new Error(`Bad double value: ${text}`);
  return value;
}

function parseBool(text: string): boolean {
  const folded = text.trim().toLowerCase();
  if (folded === 'true') return true;
  if (folded === 'false') return false;
  throw new Error(`Bad bool value: ${text}`);
}

function known<T>(value: T | undefined, what: string, text: string): T {
  if (value === undefined) throw new Error(`Invalid ${what}: '${text}'`);
  return value;
}

function integerOfFloat(value: number): bigint {
  if (!Number.isFinite(value))
    throw new Error(
      `Illegal conversion of non-finite floating point number to an integer: ${floatText(value)}`,
    );
  const rounded =
    Math.sign(value) * Math.floor(Math.abs(value) + (Math.abs(value) < 4503599627370496 ? 0.5 : 0));
  const integer = BigInt(rounded);
  if (integer > INT64_MAX || integer < -INT64_MAX - 1n)
    throw new Error(`int64 out of range: ${floatText(value)}`);
  return integer;
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new Error('Invalid UTF-8 bytes in CAST to STRING');
  }
}

function limitLength(length: number, limit: bigint, type: string): void {
  if (BigInt(length) > limit)
    throw new Error(`${type}(${limit}) has maximum length ${limit} but got a value with length ${length}`);
}

/** Conversions. Source: docs/reference/standard-sql/conversion_functions, read 2026-11-29. */
export const CAST_FUNCTIONS = [
  define('fail', ['VARCHAR'], 'VARCHAR', (message) => {
    throw new Error(message);
  }),
  define('parse_int64', ['VARCHAR'], 'BIGINT', parseInt64),
  define('parse_float', ['VARCHAR'], 'DOUBLE', parseFloat64),
  define('parse_bool', ['VARCHAR'], 'BOOLEAN', parseBool),
  define('parse_date', ['VARCHAR'], 'DATE', (text) => known(parseDate(text.trim()), 'date', text)),
  define('parse_time', ['VARCHAR'], 'TIME', (text) => known(exactTime(text), 'time string', text)),
  define('parse_datetime', ['VARCHAR'], 'TIMESTAMP', (text) =>
    known(hasSixDigits(text) ? parseDatetime(text.trim()) : undefined, 'datetime string', text),
  ),
  define('parse_timestamp', ['VARCHAR'], 'TIMESTAMPTZ', (text) =>
    known(hasSixDigits(text) ? instantOf(text) : undefined, 'timestamp', text),
  ),
  define('parse_timestamp_in', ['VARCHAR', 'VARCHAR'], 'TIMESTAMPTZ', (text, zone) =>
    known(hasSixDigits(text) ? instantOf(text, zone) : undefined, 'timestamp', text),
  ),
  define('float_int64', ['DOUBLE'], 'BIGINT', integerOfFloat),
  define('float_text', ['DOUBLE'], 'VARCHAR', floatText),
  define('utf8', ['BLOB'], 'VARCHAR', utf8),
  define('utf8_replaced', ['BLOB'], 'VARCHAR', (bytes) => Buffer.from(bytes).toString('utf8')),
  define('time_text', ['TIME'], 'VARCHAR', timeText),
  define('datetime_text', ['TIMESTAMP'], 'VARCHAR', (micros) => datetimeText(micros, ' ')),
  define('timestamp_text', ['TIMESTAMPTZ'], 'VARCHAR', (micros) => timestampText(micros, 'UTC')),
  define('timestamp_text_in', ['TIMESTAMPTZ', 'VARCHAR'], 'VARCHAR', timestampText),
  define('limit_text', ['VARCHAR', 'BIGINT'], 'VARCHAR', (text, limit) => {
    limitLength(Array.from(text).length, limit, 'STRING');
    return text;
  }),
  define('limit_bytes', ['BLOB', 'BIGINT'], 'BLOB', (bytes, limit) => {
    limitLength(bytes.length, limit, 'BYTES');
    return bytes;
  }),
];

function hasSixDigits(text: string): boolean {
  return !/\.\d{7}/.test(text);
}

function exactTime(text: string): bigint | undefined {
  return hasSixDigits(text) ? parseTime(text.trim()) : undefined;
}
