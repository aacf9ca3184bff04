import { invalidQuery } from '../../rules/api-error.js';
import { quoteName, quoteText } from '../../warehouse/duckdb-types.js';
import { duckTypeOf, isSameType, type ScalarKind, structKeys, type Type, typeText } from './types.js';

type Convert = (sql: string, safe: boolean) => string;

const call =
  (name: string): Convert =>
  (sql, safe) =>
    `bq_${safe ? 'safe_' : ''}${name}(${sql})`;
const native =
  (type: string): Convert =>
  (sql, safe) =>
    `${safe ? 'TRY_CAST' : 'CAST'}(${sql} AS ${type})`;
const plain =
  (before: string, after: string): Convert =>
  (sql, safe) =>
    safe ? `TRY(${before}${sql}${after})` : `${before}${sql}${after}`;

/** A BIGNUMERIC from the text of its scaled integer. */
export function bignumericOf(scaledText: string): string {
  return `bq_bignumeric_of(${scaledText})`;
}
const big =
  (name: string): Convert =>
  (sql, safe) =>
    bignumericOf(`bq_${safe ? 'safe_' : ''}${name}(${sql})`);
const fromBig =
  (name: string): Convert =>
  (sql, safe) =>
    `bq_${safe ? 'safe_' : ''}${name}(bq_scaled(${sql}))`;

/** CAST by its types. Source: docs/reference/standard-sql/conversion_functions#cast, read 2026-11-29. */
const CASTS: Readonly<Partial<Record<ScalarKind, Readonly<Partial<Record<ScalarKind, Convert>>>>>> = {
  INT64: {
    FLOAT64: native('DOUBLE'),
    NUMERIC: native('DECIMAL(38,9)'),
    BIGNUMERIC: (sql) => bignumericOf(`bq_int64_scaled(${sql})`),
    BOOL: plain('(', ' <> 0)'),
    STRING: native('VARCHAR'),
  },
  FLOAT64: {
    INT64: call('float_int64'),
    NUMERIC: call('float_numeric'),
    BIGNUMERIC: big('float_scaled'),
    STRING: call('float_text'),
  },
  NUMERIC: {
    INT64: native('BIGINT'),
    FLOAT64: call('numeric_float'),
    BIGNUMERIC: (sql) => bignumericOf(`bq_numeric_scaled(${sql})`),
    STRING: (sql) => `bq_numeric_text(${sql})`,
  },
  BIGNUMERIC: {
    INT64: fromBig('scaled_int64'),
    FLOAT64: fromBig('scaled_float'),
    NUMERIC: fromBig('scaled_numeric'),
    STRING: (sql) => `bq_bignumeric_text(${sql})`,
  },
  BOOL: { INT64: native('BIGINT'), STRING: native('VARCHAR') },
  STRING: {
    INT64: call('parse_int64'),
    FLOAT64: call('parse_float'),
    NUMERIC: call('parse_numeric'),
    BIGNUMERIC: big('parse_scaled'),
    BOOL: call('parse_bool'),
    BYTES: (sql) => `encode(${sql})`,
    DATE: call('parse_date'),
    TIME: call('parse_time'),
    DATETIME: call('parse_datetime'),
    TIMESTAMP: call('parse_timestamp'),
    INTERVAL: call('parse_interval'),
  },
  BYTES: { STRING: call('utf8') },
  DATE: { STRING: native('VARCHAR'), DATETIME: native('TIMESTAMP'), TIMESTAMP: native('TIMESTAMPTZ') },
  TIME: { STRING: call('time_text') },
  DATETIME: {
    STRING: call('datetime_text'),
    DATE: native('DATE'),
    TIME: native('TIME'),
    TIMESTAMP: native('TIMESTAMPTZ'),
  },
  TIMESTAMP: {
    STRING: call('timestamp_text'),
    DATE: (sql) => `CAST(CAST(${sql} AS TIMESTAMP) AS DATE)`,
    TIME: (sql) => `CAST(CAST(${sql} AS TIMESTAMP) AS TIME)`,
    DATETIME: native('TIMESTAMP'),
  },
  INTERVAL: { STRING: call('interval_text') },
};

/** DuckDB SQL of an explicit CAST. Errors: `invalidQuery` `Invalid cast from … to …`. */
export function castSql(sql: string, from: Type, to: Type, safe: boolean): string {
  if (isSameType(from, to)) return sql;
  if (from.kind === 'ARRAY' && to.kind === 'ARRAY') return castArray(sql, from.element, to.element, safe);
  if (from.kind === 'STRUCT' && to.kind === 'STRUCT') return castStruct(sql, from.fields, to, safe);
  const convert =
    from.kind === 'ARRAY' || from.kind === 'STRUCT' || to.kind === 'ARRAY' || to.kind === 'STRUCT'
      ? undefined
      : CASTS[from.kind]?.[to.kind];
  if (convert === undefined) throw invalidQuery(`Invalid cast from ${typeText(from)} to ${typeText(to)}`);
  return convert(sql, safe);
}

function castArray(sql: string, from: Type, to: Type, safe: boolean): string {
  return `list_transform(${sql}, lambda x: ${castSql('x', from, to, safe)})`;
}

function castStruct(
  sql: string,
  from: Extract<Type, { kind: 'STRUCT' }>['fields'],
  to: Extract<Type, { kind: 'STRUCT' }>,
  safe: boolean,
): string {
  if (from.length !== to.fields.length)
    throw invalidQuery(`Invalid cast from ${typeText({ kind: 'STRUCT', fields: from })} to ${typeText(to)}`);
  const [before, after] = [structKeys(from), structKeys(to.fields)];
  const parts = from.map((field, index) => {
    const part = `struct_extract(${sql}, ${quoteText(before[index] ?? '')})`;
    return `${quoteName(after[index] ?? '')} := ${castSql(part, field.type, to.fields[index]?.type ?? field.type, safe)}`;
  });
  return `CASE WHEN ${sql} IS NULL THEN CAST(NULL AS ${duckTypeOf(to)}) ELSE struct_pack(${parts.join(', ')}) END`;
}
