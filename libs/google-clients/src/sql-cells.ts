import type { JsonValue } from '@pipeline/schema-inference';
import type { SqlParameter, SqlRow } from './sql.port.js';

/** A column of a result as the REST API describes it. */
export interface ResultField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly ResultField[];
}

/** A row as the REST API writes it: every scalar is text. */
export interface WireRow {
  readonly f: readonly { readonly v: unknown }[];
}

/**
 * Read one row of a result.
 *
 * Shape: fields `a INT64`, `t TIMESTAMP` and `{f: [{v: "1"}, {v: "1700000000000000"}]}` →
 * `{a: 1, t: "2023-11-14T22:13:20.000000Z"}`. TIMESTAMP comes as microseconds (`useInt64Timestamp`).
 * Source: BigQuery REST reference, getQueryResults and DataFormatOptions, read 2026-11-23.
 */
export function toSqlRow(fields: readonly ResultField[], row: WireRow): SqlRow {
  return toRecord(fields, row);
}

function toRecord(fields: readonly ResultField[], row: WireRow): Record<string, JsonValue> {
  const record: Record<string, JsonValue> = {};
  fields.forEach((field, index) => {
    // `__proto__` is a column name like any other.
    Object.defineProperty(record, field.name, {
      value: toCell(field, row.f[index]?.v),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  });
  return record;
}

function toCell(field: ResultField, value: unknown): JsonValue {
  if (field.mode?.toUpperCase() !== 'REPEATED') return toSingle(field, value);
  const elements = Array.isArray(value) ? (value as readonly { readonly v: unknown }[]) : [];
  return elements.map(({ v }) => toSingle(field, v));
}

function toSingle(field: ResultField, value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return toRecord(field.fields ?? [], value as WireRow);
  switch (field.type.toUpperCase()) {
    case 'INTEGER':
    case 'INT64':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'FLOAT':
    case 'FLOAT64':
      return Number.isFinite(Number(value)) ? Number(value) : value;
    case 'BOOLEAN':
    case 'BOOL':
      return value === 'true';
    case 'TIMESTAMP':
      return toInstant(value);
    default:
      return value;
  }
}

const MICROS_PER_SECOND = 1_000_000n;

function toInstant(micros: string): string {
  const all = BigInt(micros);
  const fraction = ((all % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
  const seconds = new Date(Number((all - fraction) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(6, '0')}Z`;
}

/** The named parameters of a request. Source: REST reference QueryParameter, read 2026-11-23. */
export function toQueryParameters(parameters: Readonly<Record<string, SqlParameter>>): readonly object[] {
  return Object.entries(parameters).map(([name, value]) => ({ name, ...typeAndValue(value) }));
}

function typeAndValue(value: SqlParameter): object {
  if (typeof value === 'string') return scalar('STRING', value);
  if (typeof value === 'number') return scalar('INT64', String(value));
  if (value instanceof Date) return scalar('TIMESTAMP', value.toISOString());
  return {
    parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
    parameterValue: { arrayValues: value.map((element) => ({ value: element })) },
  };
}

function scalar(type: string, value: string): object {
  return { parameterType: { type }, parameterValue: { value } };
}
