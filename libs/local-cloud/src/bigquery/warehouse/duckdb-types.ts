import * as duck from '@duckdb/node-api';
import type { Field, FieldType } from '../rules/field-schema.js';

/** Name of the one field of the STRUCT that holds a BIGNUMERIC as an integer scaled by 10^38. */
export const BIGNUMERIC_FIELD = 'bignumeric';

/** `"name"`, safe in DuckDB SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"a", "b"`: the names of columns as a list. */
export function quoteNames(fields: readonly Field[]): string {
  return fields.map((field) => quoteName(field.name)).join(', ');
}

/** `'text'`, safe in DuckDB SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const SCALARS: Readonly<Record<Exclude<FieldType, 'RECORD'>, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: `STRUCT(${BIGNUMERIC_FIELD} BIGNUM)`,
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  GEOGRAPHY: 'VARCHAR',
  JSON: 'JSON',
};

/**
 * DuckDB type of a column.
 *
 * BIGNUMERIC is a STRUCT around an integer scaled by 10^38: it compares, sorts and groups exactly, and DuckDB refuses
 * to mix it with other types instead of guessing. Its own DECIMAL ends at 38 digits.
 */
export function duckType(field: Field): string {
  const single =
    field.type === 'RECORD'
      ? `STRUCT(${(field.fields ?? []).map((child) => `${quoteName(structKey(child.name))} ${duckType(child)}`).join(', ')})`
      : SCALARS[field.type];
  return field.mode === 'REPEATED' ? `${single}[]` : single;
}

/**
 * The name of a record's field inside DuckDB, whose client keeps records in plain objects: there `__proto__` is no name
 * like others. Names are compared without case, so that queries find the field as it is named.
 */
export function structKey(name: string): string {
  return name === '__proto__' ? '__PROTO__' : name;
}

/** {@link structKey} taken back. */
function fieldName(key: string): string {
  return key === '__PROTO__' ? '__proto__' : key;
}

/** The same as {@link duckType}, as the object that data chunks and parameters need. */
export function duckLogicalType(field: Field): duck.DuckDBType {
  const single = singleType(field);
  return field.mode === 'REPEATED' ? duck.LIST(single) : single;
}

function singleType(field: Field): duck.DuckDBType {
  switch (field.type) {
    case 'RECORD':
      return duck.STRUCT(
        Object.fromEntries(
          (field.fields ?? []).map((child) => [structKey(child.name), duckLogicalType(child)]),
        ),
      );
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
      return duck.VARCHAR;
    case 'BYTES':
      return duck.BLOB;
    case 'INTEGER':
      return duck.BIGINT;
    case 'FLOAT':
      return duck.DOUBLE;
    case 'BOOLEAN':
      return duck.BOOLEAN;
    case 'NUMERIC':
      return duck.DECIMAL(38, 9);
    case 'BIGNUMERIC':
      return duck.STRUCT({ [BIGNUMERIC_FIELD]: duck.BIGNUM });
    case 'TIMESTAMP':
      return duck.TIMESTAMPTZ;
    case 'DATE':
      return duck.DATE;
    case 'TIME':
      return duck.TIME;
    case 'DATETIME':
      return duck.TIMESTAMP;
  }
}

/**
 * The BigQuery column that a column of a DuckDB result is; `undefined` for types BigQuery has no name for.
 *
 * Integers of every width are INTEGER (values beyond 64 bits are refused when read), decimals NUMERIC.
 */
export function fieldOfResult(name: string, type: duck.DuckDBType): Field | undefined {
  if (type instanceof duck.DuckDBListType || type instanceof duck.DuckDBArrayType) {
    const element = fieldOfResult(name, type.valueType);
    return element === undefined || element.mode === 'REPEATED'
      ? undefined
      : { ...element, mode: 'REPEATED' };
  }
  if (type instanceof duck.DuckDBStructType) return recordOfResult(name, type);
  const scalar = scalarOfResult(type);
  return scalar === undefined ? undefined : { name, type: scalar, mode: 'NULLABLE' };
}

function recordOfResult(name: string, type: duck.DuckDBStructType): Field | undefined {
  if (type.entryNames.length === 1 && type.entryNames[0] === BIGNUMERIC_FIELD)
    return { name, type: 'BIGNUMERIC', mode: 'NULLABLE' };
  const fields = type.entryNames.map((entry, index) => {
    const entryType = type.entryTypes[index];
    return entryType === undefined ? undefined : fieldOfResult(fieldName(entry), entryType);
  });
  const known = fields.filter((field) => field !== undefined);
  return known.length === fields.length
    ? { name, type: 'RECORD', mode: 'NULLABLE', fields: known }
    : undefined;
}

const { DuckDBTypeId: Id } = duck;
const RESULT_TYPES: ReadonlyMap<duck.DuckDBTypeId, FieldType> = new Map([
  [Id.VARCHAR, 'STRING'],
  [Id.UUID, 'STRING'],
  [Id.BLOB, 'BYTES'],
  [Id.TINYINT, 'INTEGER'],
  [Id.SMALLINT, 'INTEGER'],
  [Id.INTEGER, 'INTEGER'],
  [Id.BIGINT, 'INTEGER'],
  [Id.HUGEINT, 'INTEGER'],
  [Id.UTINYINT, 'INTEGER'],
  [Id.USMALLINT, 'INTEGER'],
  [Id.UINTEGER, 'INTEGER'],
  [Id.UBIGINT, 'INTEGER'],
  [Id.SQLNULL, 'INTEGER'],
  [Id.FLOAT, 'FLOAT'],
  [Id.DOUBLE, 'FLOAT'],
  [Id.BOOLEAN, 'BOOLEAN'],
  [Id.DECIMAL, 'NUMERIC'],
  [Id.TIMESTAMP_TZ, 'TIMESTAMP'],
  [Id.TIMESTAMP, 'DATETIME'],
  [Id.TIMESTAMP_S, 'DATETIME'],
  [Id.TIMESTAMP_MS, 'DATETIME'],
  [Id.DATE, 'DATE'],
  [Id.TIME, 'TIME'],
]);

function scalarOfResult(type: duck.DuckDBType): FieldType | undefined {
  return type.alias === 'JSON' ? 'JSON' : RESULT_TYPES.get(type.typeId);
}
