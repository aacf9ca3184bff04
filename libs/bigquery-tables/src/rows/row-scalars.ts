import type { ColumnType } from '@pipeline/schema-inference';
import type protobuf from 'protobufjs';
import { parseDays, parseInstant, toMicros } from '@pipeline/schema-inference';

/** Writes one value without its tag. @returns false where it is no value of the type; then the row is not to be used */
export type ScalarEncoder = (value: unknown, writer: protobuf.Writer) => boolean;

/** The encoder of a type's values, or null for a type that no JSON value fits. */
export function scalarEncoder(type: ColumnType): ScalarEncoder | null {
  return ENCODERS[type] ?? null;
}

const ENCODERS: Readonly<Partial<Record<ColumnType, ScalarEncoder>>> = {
  BOOL: writeBool,
  INT64: writeInteger,
  NUMERIC: writeDecimal,
  BIGNUMERIC: writeDecimal,
  FLOAT64: writeDouble,
  STRING: writeText,
  DATE: writeDate,
  DATETIME: writeText,
  TIMESTAMP: writeTimestamp,
  JSON: writeText,
  BYTES: writeBytes,
};

function writeBool(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value !== 'boolean') return false;
  writer.bool(value);
  return true;
}

const INTEGER = /^-?\d{1,19}$/;

/** A safe integer as number, any other as decimal text. */
function writeInteger(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return false;
    writer.int64(value);
    return true;
  }
  if (typeof value !== 'string' || !INTEGER.test(value)) return false;
  const integer = BigInt(value);
  if (BigInt.asIntN(64, integer) !== integer) return false;
  writer.int64(value);
  return true;
}

/** Decimal text; a number is the value of a column that was INT64 when the event was fitted. */
function writeDecimal(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value === 'string') {
    writer.string(value);
    return true;
  }
  if (!Number.isSafeInteger(value)) return false;
  writer.string(String(value));
  return true;
}

function writeDouble(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value !== 'number') return false;
  writer.double(value);
  return true;
}

function writeText(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value !== 'string') return false;
  writer.string(value);
  return true;
}

/** Base64 text, as the REST API writes BYTES. */
function writeBytes(value: unknown, writer: protobuf.Writer): boolean {
  if (typeof value !== 'string') return false;
  writer.bytes(Buffer.from(value, 'base64'));
  return true;
}

function writeDate(value: unknown, writer: protobuf.Writer): boolean {
  const days = typeof value === 'string' ? parseDays(value) : null;
  if (days === null) return false;
  writer.int32(days);
  return true;
}

function writeTimestamp(value: unknown, writer: protobuf.Writer): boolean {
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant === null) return false;
  const micros = toMicros(instant);
  writer.int64(typeof micros === 'number' ? micros : String(micros));
  return true;
}
