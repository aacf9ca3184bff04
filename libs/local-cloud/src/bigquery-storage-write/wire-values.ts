import { coerceScalar, CoercionFailure } from '../bigquery/rules/scalar-coercion.js';
import type { Cell } from '../bigquery/rules/cell.js';
import type { Field, FieldType } from '../bigquery/rules/field-schema.js';
import { MICROS_PER_DAY, parseDate } from '../bigquery/rules/civil-time.js';

/** A scalar as read from the wire: integers of all widths are bigint. */
export type WireValue = bigint | number | boolean | string | Uint8Array;

/**
 * A proto value as the value of a column.
 *
 * Errors: {@link CoercionFailure} where the column's type does not take that kind of value, or not this one.
 * Source: cloud.google.com/bigquery/docs/supported-data-types, read 2026-11-22.
 */
export function toColumnCell(value: WireValue, field: Field): Cell {
  const convert = CONVERSIONS[field.type];
  if (convert === undefined) throw mismatch(value, field);
  return convert(value, field);
}

type Convert = (value: WireValue, field: Field) => Cell;

const CONVERSIONS: Readonly<Partial<Record<FieldType, Convert>>> = {
  BOOLEAN: (value, field) => (typeof value === 'bigint' ? value !== 0n : kind(value, 'boolean', field)),
  BYTES: (value, field) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : bytes(value, field)),
  DATE: (value, field) => (typeof value === 'bigint' ? days(value, field) : text(value, field)),
  DATETIME: (value, field) => (typeof value === 'bigint' ? packedDatetime(value, field) : text(value, field)),
  TIME: (value, field) => (typeof value === 'bigint' ? packedTime(value) : text(value, field)),
  TIMESTAMP: (value, field) => (typeof value === 'bigint' ? timestamp(value, field) : text(value, field)),
  FLOAT: (value, field) => (typeof value === 'bigint' ? Number(value) : kind(value, 'number', field)),
  GEOGRAPHY: text,
  JSON: text,
  INTEGER: (value, field) => (typeof value === 'boolean' ? (value ? 1n : 0n) : kind(value, 'bigint', field)),
  NUMERIC: (value, field) => decimal(value, field),
  BIGNUMERIC: (value, field) => decimal(value, field),
  STRING: (value, field) => text(value, field),
};

function mismatch(value: WireValue, field: Field): CoercionFailure {
  const given = value instanceof Uint8Array ? 'bytes' : typeof value === 'bigint' ? 'integer' : typeof value;
  return new CoercionFailure(
    `The proto field mismatched with BigQuery field at ${field.name}: ${given} for ${field.type}`,
  );
}

function kind(value: WireValue, expected: 'boolean' | 'number' | 'bigint', field: Field): Cell {
  if (typeof value !== expected) throw mismatch(value, field);
  return value;
}

function text(value: WireValue, field: Field): Cell {
  if (typeof value !== 'string') throw mismatch(value, field);
  return coerceScalar(value, field);
}

function bytes(value: WireValue, field: Field): Cell {
  if (!(value instanceof Uint8Array)) throw mismatch(value, field);
  return value;
}

const FIRST_DAY = BigInt(parseDate('0001-01-01') ?? 0);
const LAST_DAY = BigInt(parseDate('9999-12-31') ?? 0);

function days(value: bigint, field: Field): Cell {
  if (value < FIRST_DAY || value > LAST_DAY)
    throw new CoercionFailure(`Invalid date value ${value.toString()} for field ${field.name}`);
  return Number(value);
}

function timestamp(micros: bigint, field: Field): Cell {
  if (micros < FIRST_DAY * MICROS_PER_DAY || micros >= (LAST_DAY + 1n) * MICROS_PER_DAY)
    throw new CoercionFailure(
      `Timestamp field value is out of range: ${micros.toString()} for field ${field.name}`,
    );
  return micros;
}

function bitsOf(value: bigint, shift: bigint, width: bigint): bigint {
  return (value >> shift) & ((1n << width) - 1n);
}

// Microseconds in the low 20 bits, then seconds and minutes in 6 each, hours in 5.
function packedTime(value: bigint): bigint {
  const seconds = bitsOf(value, 32n, 5n) * 3600n + bitsOf(value, 26n, 6n) * 60n + bitsOf(value, 20n, 6n);
  return seconds * 1_000_000n + bitsOf(value, 0n, 20n);
}

// Above the time: days in 5 bits, months in 4, years in 14.
function packedDatetime(value: bigint, field: Field): Cell {
  const [year, month, day] = [bitsOf(value, 46n, 14n), bitsOf(value, 42n, 4n), bitsOf(value, 37n, 5n)];
  const date = parseDate(`${year.toString().padStart(4, '0')}-${month.toString()}-${day.toString()}`);
  if (date === undefined)
    throw new CoercionFailure(`Invalid datetime value ${value.toString()} for field ${field.name}`);
  return BigInt(date) * MICROS_PER_DAY + packedTime(value);
}

function decimal(value: WireValue, field: Field): Cell {
  if (value instanceof Uint8Array) return scaledBytes(value, field);
  if (typeof value === 'boolean') throw mismatch(value, field);
  return coerceScalar(value, field);
}

// Little-endian two's complement of the value scaled by 10^9 or 10^38.
function scaledBytes(value: Uint8Array, field: Field): Cell {
  let scaled = 0n;
  for (const byte of [...value].reverse()) scaled = (scaled << 8n) | BigInt(byte);
  if (value.length > 0) scaled = BigInt.asIntN(value.length * 8, scaled);
  const limit = field.type === 'NUMERIC' ? 10n ** 38n : 2n ** 255n;
  if (scaled >= limit || scaled < -limit)
    throw new CoercionFailure(`Invalid ${field.type} value in field ${field.name}`);
  return scaled;
}
