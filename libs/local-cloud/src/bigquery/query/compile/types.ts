import { invalidQuery } from '../../rules/api-error.js';
import { type Field, type FieldType, parseFieldType } from '../../rules/field-schema.js';
import { duckType, quoteName, structKey } from '../../warehouse/duckdb-types.js';
import type { TypeName } from '../syntax/tree.js';

export type ScalarKind =
  | 'INT64'
  | 'FLOAT64'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOL'
  | 'STRING'
  | 'BYTES'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'TIMESTAMP'
  | 'JSON'
  | 'GEOGRAPHY'
  | 'INTERVAL';

export interface StructField {
  readonly name: string | undefined;
  readonly type: Type;
}

/** A type of GoogleSQL. */
export type Type =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'ARRAY'; readonly element: Type }
  | { readonly kind: 'STRUCT'; readonly fields: readonly StructField[] };

const scalars = new Map<ScalarKind, Type>();

export function scalar(kind: ScalarKind): Type {
  const known = scalars.get(kind) ?? { kind };
  scalars.set(kind, known);
  return known;
}

export const INT64 = scalar('INT64');
export const FLOAT64 = scalar('FLOAT64');
export const NUMERIC = scalar('NUMERIC');
export const BIGNUMERIC = scalar('BIGNUMERIC');
export const BOOL = scalar('BOOL');
export const STRING = scalar('STRING');
export const BYTES = scalar('BYTES');
export const DATE = scalar('DATE');
export const DATETIME = scalar('DATETIME');
export const TIMESTAMP = scalar('TIMESTAMP');
export const JSON_TYPE = scalar('JSON');

export function arrayOf(element: Type): Type {
  if (element.kind === 'ARRAY')
    throw invalidQuery(
      `Cannot construct array with element type ${typeText(element)} because nested arrays are not supported`,
    );
  return { kind: 'ARRAY', element };
}

/** The type as GoogleSQL writes it: `STRUCT<a INT64, STRING>`. */
export function typeText(type: Type): string {
  if (type.kind === 'ARRAY') return `ARRAY<${typeText(type.element)}>`;
  if (type.kind !== 'STRUCT') return type.kind;
  const fields = type.fields.map(({ name, type: inner }) =>
    name === undefined ? typeText(inner) : `${name} ${typeText(inner)}`,
  );
  return `STRUCT<${fields.join(', ')}>`;
}

export function isSameType(a: Type, b: Type): boolean {
  return a === b || typeText(a).toLowerCase() === typeText(b).toLowerCase();
}

const SQL_NAMES: Readonly<Partial<Record<FieldType, ScalarKind>>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
};
const FIELD_TYPES: Readonly<Partial<Record<ScalarKind, FieldType>>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
};

/** The type of a column. */
export function typeOfField(field: Field): Type {
  const single: Type =
    field.type === 'RECORD'
      ? {
          kind: 'STRUCT',
          fields: (field.fields ?? []).map((child) => ({ name: child.name, type: typeOfField(child) })),
        }
      : scalar(SQL_NAMES[field.type] ?? (field.type as ScalarKind));
  return field.mode === 'REPEATED' ? { kind: 'ARRAY', element: single } : single;
}

/** The column that a value of that type is. Errors: `invalidQuery` for INTERVAL, which no column has here. */
export function fieldOfType(name: string, type: Type): Field {
  if (type.kind === 'ARRAY') return { ...fieldOfType(name, type.element), mode: 'REPEATED' };
  if (type.kind === 'STRUCT')
    return {
      name,
      type: 'RECORD',
      mode: 'NULLABLE',
      fields: type.fields.map((field, index) => fieldOfType(field.name ?? `_field_${index + 1}`, field.type)),
    };
  if (type.kind === 'INTERVAL') throw invalidQuery('Not supported by this server: a column of type INTERVAL');
  return { name, type: FIELD_TYPES[type.kind] ?? (type.kind as FieldType), mode: 'NULLABLE' };
}

/** Names of a STRUCT's fields inside DuckDB, where each needs a name of its own. */
export function structKeys(fields: readonly StructField[]): string[] {
  const seen = new Set<string>();
  return fields.map(({ name }, index) => {
    const key = structKey(name ?? `_field_${index + 1}`);
    const folded = key.toLowerCase();
    if (!seen.has(folded)) {
      seen.add(folded);
      return key;
    }
    return `${key}#${index + 1}`;
  });
}

/** The DuckDB type of values of that type. */
export function duckTypeOf(type: Type): string {
  if (type.kind === 'ARRAY') return `${duckTypeOf(type.element)}[]`;
  if (type.kind === 'INTERVAL') return 'INTERVAL';
  if (type.kind !== 'STRUCT') return duckType(fieldOfType('', type));
  const keys = structKeys(type.fields);
  return `STRUCT(${type.fields.map((field, index) => `${quoteName(keys[index] ?? '')} ${duckTypeOf(field.type)}`).join(', ')})`;
}

/** Reads a written type. Errors: `invalidQuery` `Type not found`. */
export function typeOfName(name: TypeName): Type {
  if (name.element !== undefined) return arrayOf(typeOfName(name.element));
  if (name.fields !== undefined)
    return {
      kind: 'STRUCT',
      fields: name.fields.map((field) => ({ name: field.name, type: typeOfName(field.type) })),
    };
  const spelled = { INT: 'INT64', SMALLINT: 'INT64', BIGINT: 'INT64', TINYINT: 'INT64', BYTEINT: 'INT64' }[
    name.name
  ];
  if (name.name === 'INTERVAL') return scalar('INTERVAL');
  const type = parseFieldType(spelled ?? name.name);
  if (type === undefined || type === 'RECORD') throw invalidQuery(`Type not found: ${name.name}`);
  return scalar(SQL_NAMES[type] ?? (type as ScalarKind));
}

/** The part of a type that equality and grouping do not allow, `undefined` if the whole does. */
export function ungroupable(type: Type): Type | undefined {
  if (type.kind === 'ARRAY') return ungroupable(type.element);
  if (type.kind === 'STRUCT')
    return type.fields.map((field) => ungroupable(field.type)).find((inner) => inner !== undefined);
  return type.kind === 'JSON' || type.kind === 'GEOGRAPHY' ? type : undefined;
}

export function isNumber(type: Type): boolean {
  return ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'].includes(type.kind);
}
