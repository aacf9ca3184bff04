import type { Cell } from './cell.js';
import { parseDate, parseDatetime, parseTime, parseTimestamp, timestampOfSeconds } from './civil-time.js';
import { parseBignumeric, parseNumeric, parseScaled } from './decimals.js';
import type { Field, FieldType } from './field-schema.js';
import { ExactNumber, toJsonText } from './json.js';

/** A value that a column does not take: BigQuery's words for it. */
export class CoercionFailure extends Error {}

type Coerce = (value: unknown, field: Field) => Cell;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * One JSON value as the value of a column of that type; neither modes nor RECORDs are looked at.
 *
 * Errors: {@link CoercionFailure} with BigQuery's message.
 * Source: cloud.google.com/bigquery/docs/streaming-data-into-bigquery and /docs/loading-data-cloud-storage-json, read 2026-11-22.
 */
export function coerceScalar(value: unknown, field: Field): Cell {
  const coerce = BY_TYPE[field.type];
  if (coerce === undefined) throw new CoercionFailure(`Unsupported field type: ${field.type}`);
  return coerce(value, field);
}

const BY_TYPE: Readonly<Partial<Record<FieldType, Coerce>>> = {
  STRING: toStringCell,
  GEOGRAPHY: toStringCell,
  BYTES: toBytes,
  INTEGER: toInteger,
  FLOAT: toFloat,
  BOOLEAN: toBoolean,
  NUMERIC: (value, field) => toDecimal(value, field, parseNumeric),
  BIGNUMERIC: (value, field) => toDecimal(value, field, parseBignumeric),
  TIMESTAMP: toTimestamp,
  DATE: (value) => fromText(value, parseDate, (text) => `Invalid date: '${text}'`),
  TIME: (value) => fromText(value, parseTime, (text) => `Invalid time string "${text}"`),
  DATETIME: (value) => fromText(value, parseDatetime, (text) => `Invalid datetime string "${text}"`),
  JSON: toJson,
};

function literalOf(value: unknown): string | undefined {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return String(value);
  return undefined;
}

function shown(value: unknown): string {
  return literalOf(value) ?? toJsonText(value);
}

function toStringCell(value: unknown, field: Field): Cell {
  const text = typeof value === 'boolean' ? String(value) : literalOf(value);
  if (text === undefined)
    throw new CoercionFailure(
      `Could not convert value to string. Field: ${field.name}; Value: ${shown(value)}`,
    );
  if (field.maxLength !== undefined && codePoints(text) > Number(field.maxLength))
    throw new CoercionFailure(
      `Field ${field.name}: STRING(${field.maxLength}) has maximum length ${field.maxLength} but got a value with length ${codePoints(text)}`,
    );
  return text;
}

// BigQuery counts characters, that is code points.
function codePoints(text: string): number {
  return Array.from(text).length;
}

function toBytes(value: unknown, field: Field): Cell {
  if (typeof value !== 'string' || !BASE64.test(value))
    throw new CoercionFailure(
      `Could not decode base64 string to bytes. Field: ${field.name}; Value: ${shown(value)}`,
    );
  const bytes = Buffer.from(value, 'base64');
  if (field.maxLength !== undefined && bytes.length > Number(field.maxLength))
    throw new CoercionFailure(
      `Field ${field.name}: BYTES(${field.maxLength}) has maximum length ${field.maxLength} but got a value with length ${bytes.length}`,
    );
  return bytes;
}

function toInteger(value: unknown): Cell {
  const scaled = parseScaledExactly(literalOf(value));
  if (scaled === undefined || scaled < INT64_MIN || scaled > INT64_MAX)
    throw new CoercionFailure(`Cannot convert value to integer (bad value): ${shown(value)}`);
  return scaled;
}

function parseScaledExactly(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  const scaled = parseScaled(text, 400);
  const unit = 10n ** 400n;
  return scaled === undefined || scaled % unit !== 0n ? undefined : scaled / unit;
}

function toFloat(value: unknown): Cell {
  if (typeof value === 'number') return value;
  const text = literalOf(value)?.trim() ?? '';
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special !== null)
    return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const parsed = text === '' || /^[+-]?0[xob]/i.test(text) ? NaN : Number(text);
  if (!Number.isFinite(parsed))
    throw new CoercionFailure(`Cannot convert value to floating point (bad value): ${shown(value)}`);
  return parsed;
}

function toBoolean(value: unknown): Cell {
  if (typeof value === 'boolean') return value;
  const text = shown(value).toLowerCase();
  if (text === 'true' || text === 't' || text === 'yes' || text === 'y' || text === '1') return true;
  if (text === 'false' || text === 'f' || text === 'no' || text === 'n' || text === '0') return false;
  throw new CoercionFailure(`Cannot convert value to boolean (bad value): ${shown(value)}`);
}

function toDecimal(value: unknown, field: Field, parse: (text: string) => bigint | undefined): Cell {
  const parsed = parse(literalOf(value) ?? '');
  if (parsed === undefined)
    throw new CoercionFailure(
      `Invalid ${field.type} value: ${shown(value)} Field: ${field.name}; Value: ${shown(value)}`,
    );
  return parsed;
}

function toTimestamp(value: unknown): Cell {
  const text = literalOf(value);
  if (text === undefined) throw new CoercionFailure(`Cannot convert value to timestamp: ${shown(value)}`);
  const seconds =
    typeof value === 'string' && !/^[+-]?[\d.]+([eE][+-]?\d+)?$/.test(value)
      ? undefined
      : parseScaled(text, 6);
  const micros = seconds === undefined ? parseTimestamp(text) : timestampOfSeconds(seconds);
  if (micros === undefined)
    throw new CoercionFailure(
      `Could not parse '${text}' as a timestamp. Required format is YYYY-MM-DD HH:MM[:SS[.SSSSSS]]`,
    );
  return micros;
}

function fromText(
  value: unknown,
  parse: (text: string) => Cell | undefined,
  message: (text: string) => string,
): Cell {
  const parsed = typeof value === 'string' ? parse(value) : undefined;
  if (parsed === undefined) throw new CoercionFailure(message(shown(value)));
  return parsed;
}

function toJson(value: unknown, field: Field): Cell {
  if (typeof value !== 'string') return toJsonText(value);
  try {
    JSON.parse(value);
  } catch {
    throw new CoercionFailure(
      `Invalid JSON string in field ${field.name}: syntax error while parsing value: ${value.slice(0, 100)}`,
    );
  }
  return value;
}
