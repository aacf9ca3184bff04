import { DuckDBIntervalValue, DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import { formatDate } from '../rules/civil-time.js';
import { formatScaled } from '../rules/decimals.js';
import { roundScaled, scaledOfFloat } from './decimal-arithmetic.js';
import { defineVariadic } from './define.js';
import { exponential, floatText, general } from './float-text.js';
import { intervalText } from './intervals.js';
import { bignumericOf, encodeJson, type Shape, shapesOf } from './json-encoding.js';
import { fromDuck } from './natives.js';
import { datetimeText, timestampText, timeText } from './times.js';

const SPECIFIER = /%(?:%|([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?([a-zA-Z]))/g;

interface Specifier {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly letter: string;
}

/** FORMAT. Source: docs/reference/standard-sql/string_functions#format_string, read 2026-11-29. */
function format(pattern: string, shapes: readonly Shape[], values: readonly DuckDBValue[]): string | null {
  let next = 0;
  const seen = { isNull: false };
  const take = (): { value: DuckDBValue; shape: Shape } => {
    if (next >= values.length) throw new Error('Too few arguments to FORMAT');
    next += 1;
    return { value: values[next - 1] ?? null, shape: shapes[next - 1] ?? 'NULL' };
  };
  const star = (): number => Number(take().value);
  const text = pattern.replaceAll(
    SPECIFIER,
    (
      all,
      flags: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      letter: string | undefined,
    ) => {
      if (letter === undefined) return '%';
      const wide = width === '*' ? star() : width === undefined ? undefined : Number(width);
      const exact = precision === '*' ? star() : precision === undefined ? undefined : Number(precision || 0);
      const { value, shape } = take();
      const isText = letter === 't' || letter === 'T';
      if (value === null && !isText) {
        seen.isNull = true;
        return all;
      }
      const left = wide !== undefined && wide < 0 ? '-' : '';
      return one(
        {
          flags: (flags ?? '') + left,
          width: wide === undefined ? undefined : Math.abs(wide),
          precision: exact,
          letter,
        },
        value,
        shape,
      );
    },
  );
  if (next < values.length) throw new Error('Too many arguments to FORMAT');
  if (/%(?![%a-zA-Z\d.*+\-# 0'])/.test(pattern.replaceAll('%%', '')))
    throw new Error(`Invalid format specifier in "${pattern}"`);
  return seen.isNull ? null : text;
}

function one(specifier: Specifier, value: DuckDBValue, shape: Shape): string {
  const { letter, precision } = specifier;
  switch (letter) {
    case 'd':
    case 'i':
    case 'x':
    case 'X':
    case 'o':
      if (shape !== 'INT64') throw mismatch(letter, shape);
      return integer(specifier, value as bigint);
    case 's':
      if (shape !== 'STRING') throw mismatch(letter, shape);
      return padded(specifier, cut(String(value), precision));
    case 't':
      return padded(specifier, cut(plain(value, shape, false), precision));
    case 'T':
      return padded(specifier, cut(plain(value, shape, true), precision));
    case 'p':
    case 'P':
      return padded(specifier, encodeJson(value, shape, letter === 'P'));
    default:
      return real(specifier, value, shape);
  }
}

function mismatch(letter: string, shape: Shape): Error {
  return new Error(
    `Invalid type for argument of FORMAT; %${letter} with ${typeof shape === 'string' ? shape : 'ARRAY or STRUCT'}`,
  );
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function padded({ flags, width = 0 }: Specifier, text: string): string {
  const missing = ' '.repeat(Math.max(width - Array.from(text).length, 0));
  return flags.includes('-') ? text + missing : missing + text;
}

/** A number's sign and digits brought to the width, with zeros if asked for. */
function signed(specifier: Specifier, negative: boolean, digits: string, prefix = ''): string {
  const { flags, width = 0 } = specifier;
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const zeros =
    flags.includes('0') && !flags.includes('-')
      ? Math.max(width - sign.length - prefix.length - digits.length, 0)
      : 0;
  return padded(specifier, sign + prefix + '0'.repeat(zeros) + digits);
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

function integer(specifier: Specifier, value: bigint): string {
  const { letter, flags, precision } = specifier;
  const size = value < 0n ? -value : value;
  const base = { x: 16, X: 16, o: 8 }[letter] ?? 10;
  let digits = size.toString(base);
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  if (letter === 'X') digits = digits.toUpperCase();
  if (flags.includes("'") && base === 10) digits = grouped(digits);
  const prefix = flags.includes('#') && size !== 0n ? ({ x: '0x', X: '0X', o: '0' }[letter] ?? '') : '';
  return signed(specifier, value < 0n, digits, prefix);
}

function real(specifier: Specifier, value: DuckDBValue, shape: Shape): string {
  const { letter, flags, precision = 6 } = specifier;
  const lower = letter.toLowerCase();
  if (!'feg'.includes(lower)) throw new Error(`Invalid format specifier character "${letter}" in FORMAT`);
  const exact = exactOf(value, shape);
  if (exact === undefined && shape !== 'FLOAT64') throw mismatch(letter, shape);
  const double = exact === undefined ? (value as number) : Number(formatScaled(exact.value, exact.scale));
  if (!Number.isFinite(double)) {
    const word = Number.isNaN(double) ? 'nan' : 'inf';
    return padded(
      { ...specifier, flags: flags.replaceAll('0', '') },
      `${double < 0 ? '-' : ''}${letter === lower ? word : word.toUpperCase()}`,
    );
  }
  const negative = double < 0 || Object.is(double, -0);
  const size = Math.abs(double);
  let digits: string;
  if (lower === 'f') digits = fixed(exact ?? { value: scaledOfFloat(double, 1100), scale: 1100 }, precision);
  else if (lower === 'e') {
    const [mantissa = '0', exponent = '0'] = size.toExponential(Math.min(precision, 100)).split('e');
    digits = exponential(mantissa, Number(exponent));
  } else digits = general(size, precision === 0 ? 1 : precision);
  if (flags.includes("'") && lower !== 'e') digits = grouped(digits);
  return signed(specifier, negative, letter === lower ? digits : digits.toUpperCase());
}

function exactOf(value: DuckDBValue, shape: Shape): { value: bigint; scale: number } | undefined {
  if (shape === 'NUMERIC') return { value: fromDuck(value) as bigint, scale: 9 };
  if (shape === 'BIGNUMERIC') return { value: bignumericOf(value), scale: 38 };
  return undefined;
}

function fixed({ value, scale }: { value: bigint; scale: number }, precision: number): string {
  const mode = scale === 1100 ? 'ROUND_HALF_EVEN' : 'ROUND';
  const size = value < 0n ? -value : value;
  const text = formatScaled(roundScaled(size, BigInt(precision), mode, scale), scale);
  const [whole = '0', fraction = ''] = text.split('.');
  return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, '0')}`;
}

/** `%t`: as CAST to STRING, arrays and structs in brackets; `%T`: as a literal of the type. */
function plain(value: DuckDBValue, shape: Shape, literal: boolean): string {
  if (value === null) return 'NULL';
  if (typeof shape === 'object') {
    if ('array' in shape)
      return value instanceof DuckDBListValue
        ? `[${value.items.map((item) => plain(item, shape.array, literal)).join(', ')}]`
        : '[]';
    const fields = shape.struct.map(([key, , type]) =>
      plain(value instanceof DuckDBStructValue ? (value.entries[key] ?? null) : null, type, literal),
    );
    return literal && fields.length < 2 ? `STRUCT(${fields.join(', ')})` : `(${fields.join(', ')})`;
  }
  return literal ? literalOf(value, shape) : textOf(value, shape);
}

function textOf(value: DuckDBValue, shape: string): string {
  const native = fromDuck(value);
  switch (shape) {
    case 'FLOAT64':
      return pointed(floatText(native as number));
    case 'NUMERIC':
      return formatScaled(native as bigint, 9);
    case 'BIGNUMERIC':
      return formatScaled(bignumericOf(value), 38);
    case 'DATE':
      return formatDate(native as number);
    case 'TIME':
      return timeText(native as bigint);
    case 'DATETIME':
      return datetimeText(native as bigint, ' ');
    case 'TIMESTAMP':
      return timestampText(native as bigint, 'UTC');
    case 'BYTES':
      return escapedBytes(native as Uint8Array);
    case 'INTERVAL':
      return value instanceof DuckDBIntervalValue ? intervalText(value) : '';
    default:
      return String(native);
  }
}

function pointed(text: string): string {
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function escapedBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 32 && byte < 127 && byte !== 92
      ? String.fromCharCode(byte)
      : byte === 92
        ? '\\\\'
        : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

function quoted(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${inner}${quote}`;
}

function literalOf(value: DuckDBValue, shape: string): string {
  const text = textOf(value, shape);
  switch (shape) {
    case 'STRING':
    case 'GEOGRAPHY':
      return quoted(text);
    case 'BYTES':
      return `b${text.includes('"') && !text.includes("'") ? `'${text}'` : `"${text.replaceAll('"', '\\"')}"`}`;
    case 'FLOAT64':
      return Number.isFinite(value) ? text : `CAST("${text}" AS FLOAT64)`;
    case 'INTERVAL':
      return `INTERVAL "${text}" YEAR TO SECOND`;
    case 'JSON':
      return `JSON ${quoted(text)}`;
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
    case 'TIMESTAMP':
      return `${shape} "${text}"`;
    default:
      return text;
  }
}

export const FORMAT_FUNCTIONS = [
  defineVariadic('format', ['VARCHAR', 'VARCHAR'], 'VARCHAR', ([pattern, shapes], values) =>
    format(pattern, shapesOf(shapes), values),
  ),
];
