import type { Column, ColumnType, JsonValue } from '@pipeline/schema-inference';
import { parseDays, parseInstant, toMicros } from '@pipeline/schema-inference';
import type { AvroWriter } from './avro-writer.js';

/** A schema in Avro's JSON form. */
export type AvroSchema = string | readonly AvroSchema[] | { readonly [attribute: string]: unknown };

/** The schema of a scalar type, and the writer of its values in the form of `buildRow`. */
interface AvroScalar {
  readonly schema: AvroSchema;
  readonly write: (value: JsonValue, writer: AvroWriter) => void;
}

/** NUMERIC has 9 digits after the point; BIGNUMERIC is written with 38 before it and 38 after. */
const NUMERIC_SCALE = 9;
const BIGNUMERIC_SCALE = 38;

/**
 * The Avro types that BigQuery loads into each type without rounding. `decimalTargetTypes` of the job are NUMERIC and BIGNUMERIC.
 * Source: BigQuery "Loading Avro data", logical types, and "Working with JSON data", read 2026-11-29.
 */
const SCALARS: Readonly<Partial<Record<ColumnType, AvroScalar>>> = {
  BOOL: {
    schema: 'boolean',
    write: (value, writer) => {
      writer.boolean(value === true);
    },
  },
  INT64: { schema: 'long', write: writeInteger },
  NUMERIC: decimal(38, NUMERIC_SCALE),
  BIGNUMERIC: decimal(76, BIGNUMERIC_SCALE),
  FLOAT64: {
    schema: 'double',
    write: (value, writer) => {
      writer.double(Number(value));
    },
  },
  STRING: text('string'),
  DATE: { schema: { type: 'int', logicalType: 'date' }, write: writeDate },
  DATETIME: { schema: { type: 'long', logicalType: 'local-timestamp-micros' }, write: writeDatetime },
  TIMESTAMP: { schema: { type: 'long', logicalType: 'timestamp-micros' }, write: writeTimestamp },
  JSON: text({ type: 'string', sqlType: 'JSON' }),
  BYTES: {
    schema: 'bytes',
    write: (value, writer) => {
      writer.bytes(Buffer.from(asText(value), 'base64'));
    },
  },
};

/** True if values of the column can be staged; types such as GEOGRAPHY have only columns made by hand. */
export function canStage({ type, columns }: Column): boolean {
  return type === 'RECORD' ? (columns ?? []).every(canStage) : SCALARS[type] !== undefined;
}

/** @throws TypeError for a type that is not staged */
export function avroScalar({ name, type }: Column): AvroScalar {
  const scalar = SCALARS[type];
  if (scalar === undefined) throw new TypeError(`Column ${name} is ${type}, which is not staged`);
  return scalar;
}

function text(schema: AvroSchema): AvroScalar {
  return {
    schema,
    write: (value, writer) => {
      writer.text(asText(value));
    },
  };
}

function asText(value: JsonValue): string {
  if (typeof value !== 'string') throw new TypeError(`Expected text, got ${JSON.stringify(value)}`);
  return value;
}

function writeInteger(value: JsonValue, writer: AvroWriter): void {
  writer.long(typeof value === 'number' ? value : BigInt(asText(value)));
}

function writeDate(value: JsonValue, writer: AvroWriter): void {
  const days = parseDays(asText(value));
  if (days === null) throw new TypeError(`No date: ${asText(value)}`);
  writer.long(days);
}

function writeTimestamp(value: JsonValue, writer: AvroWriter): void {
  const instant = parseInstant(asText(value));
  if (instant === null) throw new TypeError(`No timestamp: ${asText(value)}`);
  writer.long(toMicros(instant));
}

function writeDatetime(value: JsonValue, writer: AvroWriter): void {
  writeTimestamp(`${asText(value)}Z`, writer);
}

function decimal(precision: number, scale: number): AvroScalar {
  return {
    schema: { type: 'bytes', logicalType: 'decimal', precision, scale },
    write: (value, writer) => {
      writer.bytes(toBytes(unscaled(typeof value === 'number' ? value.toString() : asText(value), scale)));
    },
  };
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/** Shape: `-1.5` with scale 9 → `-1500000000n`. */
function unscaled(value: string, scale: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(value) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (whole === '' || digits.length > scale) throw new TypeError(`No decimal of scale ${scale}: ${value}`);
  const magnitude = BigInt(whole + digits.padEnd(scale, '0'));
  return sign === '' ? magnitude : -magnitude;
}

/** Two's complement, big-endian, as short as possible. */
function toBytes(value: bigint): Uint8Array {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  const hex = BigInt.asUintN(size * 8, value).toString(16);
  return Buffer.from(hex.padStart(size * 2, '0'), 'hex');
}
