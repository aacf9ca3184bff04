import { invalidQuery } from '../../rules/api-error.js';
import { parseBignumeric, parseNumeric } from '../../rules/decimals.js';
import { quoteName, quoteText } from '../../warehouse/duckdb-types.js';
import { castSql } from './casts.js';
import { temporalLiteral } from './literals.js';
import { duckTypeOf, isSameType, type ScalarKind, scalar, structKeys, type Type, typeText } from './types.js';
import { isNull, nullOf, type Value } from './value.js';

/** Implicit coercions. Source: docs/reference/standard-sql/conversion_rules, read 2026-11-29. */
const COERCIONS: Readonly<Partial<Record<ScalarKind, readonly ScalarKind[]>>> = {
  INT64: ['NUMERIC', 'BIGNUMERIC', 'FLOAT64'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
  DATE: ['DATETIME'],
};
const FROM_STRING: readonly ScalarKind[] = ['DATE', 'DATETIME', 'TIME', 'TIMESTAMP'];

/** The value as one of that type if GoogleSQL converts it by itself, else `undefined`. */
export function coerce(from: Value, to: Type): Value | undefined {
  if (isNull(from)) return nullOf(to);
  if (from.literal?.kind === 'error')
    return { sql: `CAST(error(${from.literal.message}) AS ${duckTypeOf(to)})`, type: to };
  if (from.literal !== undefined) {
    const converted = coerceLiteral(from, to);
    if (converted !== undefined) return converted;
  }
  if (isSameType(from.type, to)) return from;
  if (to.kind === 'STRUCT') return coerceStruct(from, to);
  if (to.kind === 'ARRAY' && from.type.kind === 'ARRAY')
    return coerceArray(from, from.type.element, to.element);
  if (to.kind === 'ARRAY' || from.type.kind === 'ARRAY' || from.type.kind === 'STRUCT') return undefined;
  if (COERCIONS[from.type.kind]?.includes(to.kind) !== true) return undefined;
  return { sql: castSql(from.sql, from.type, to, false), type: to };
}

function coerceLiteral(from: Value, to: Type): Value | undefined {
  const { literal } = from;
  switch (literal?.kind) {
    case undefined:
    case 'null':
    case 'error':
      return undefined;
    case 'number':
      return coerceNumber(from, literal.text, to);
    case 'string':
      return FROM_STRING.includes(to.kind as ScalarKind)
        ? temporalLiteral(to.kind as 'DATE', literal.text)
        : undefined;
    case 'parameter':
      return from.type.kind === 'STRING' && FROM_STRING.includes(to.kind as ScalarKind)
        ? { sql: castSql(from.sql, from.type, to, false), type: to }
        : undefined;
    case 'items':
      return coerceItems(from, literal.items, to);
  }
}

// A FLOAT64 literal takes the decimal types as well, by its digits.
function coerceNumber(from: Value, digits: string, to: Type): Value | undefined {
  if (from.type.kind !== 'FLOAT64') return undefined;
  if (to.kind === 'NUMERIC' && parseNumeric(digits) !== undefined)
    return { sql: castSql(quoteText(digits), scalar('STRING'), to, false), type: to };
  if (to.kind === 'BIGNUMERIC' && parseBignumeric(digits) !== undefined)
    return { sql: castSql(quoteText(digits), scalar('STRING'), to, false), type: to };
  return undefined;
}

function coerceItems(from: Value, items: readonly Value[], to: Type): Value | undefined {
  if (from.type.kind === 'ARRAY' && to.kind === 'ARRAY') {
    const elements = items.map((item) => coerce(item, to.element));
    if (elements.includes(undefined)) return undefined;
    return arrayValue(elements as Value[], to.element);
  }
  if (from.type.kind !== 'STRUCT' || to.kind !== 'STRUCT' || items.length !== to.fields.length)
    return undefined;
  const values = to.fields.map((field, index) => {
    const item = items[index];
    return item === undefined ? undefined : coerce(item, field.type);
  });
  return values.includes(undefined) ? undefined : structValue(values as Value[], to);
}

export function arrayValue(items: readonly Value[], element: Type): Value {
  const type: Type = { kind: 'ARRAY', element };
  const sql =
    items.length === 0 ? `CAST([] AS ${duckTypeOf(type)})` : `[${items.map((item) => item.sql).join(', ')}]`;
  return { sql, type, literal: { kind: 'items', items } };
}

export function structValue(items: readonly Value[], type: Extract<Type, { kind: 'STRUCT' }>): Value {
  const keys = structKeys(type.fields);
  const parts = items.map((item, index) => `${quoteName(keys[index] ?? '')} := ${item.sql}`);
  if (parts.length === 0) throw invalidQuery('Not supported by this server: a STRUCT without fields');
  return { sql: `struct_pack(${parts.join(', ')})`, type, literal: { kind: 'items', items } };
}

// Arrays of STRUCTs that differ in the names of their fields only.
function coerceArray(from: Value, element: Type, to: Type): Value | undefined {
  if (element.kind !== 'STRUCT' || to.kind !== 'STRUCT' || !isSameType(unnamed(element), unnamed(to)))
    return undefined;
  const item = coerceStruct({ sql: 'x', type: element }, to);
  if (item === undefined) return undefined;
  return { sql: `list_transform(${from.sql}, lambda x: ${item.sql})`, type: { kind: 'ARRAY', element: to } };
}

function unnamed(type: Type): Type {
  if (type.kind !== 'STRUCT') return type;
  return {
    kind: 'STRUCT',
    fields: type.fields.map((field) => ({ name: undefined, type: unnamed(field.type) })),
  };
}

function coerceStruct(from: Value, to: Extract<Type, { kind: 'STRUCT' }>): Value | undefined {
  if (from.type.kind !== 'STRUCT' || from.type.fields.length !== to.fields.length) return undefined;
  const keys = structKeys(from.type.fields);
  const items = from.type.fields.map((field, index) => {
    const wanted = to.fields[index];
    const part = { sql: `struct_extract(${from.sql}, ${quoteText(keys[index] ?? '')})`, type: field.type };
    return wanted === undefined ? undefined : coerce(part, wanted.type);
  });
  if (items.includes(undefined)) return undefined;
  const built = structValue(items as Value[], to);
  return { sql: `CASE WHEN ${from.sql} IS NULL THEN NULL ELSE ${built.sql} END`, type: to };
}

/** {@link coerce}, or `invalidQuery` in the words of `message`. */
export function mustCoerce(from: Value, to: Type, message: () => string): Value {
  const converted = coerce(from, to);
  if (converted === undefined) throw invalidQuery(message());
  return converted;
}

const NUMBERS: readonly ScalarKind[] = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'];

/** The type that all the values become where they meet (CASE, arrays, UNION …); `undefined` if there is none. */
export function supertype(values: readonly Value[]): Type | undefined {
  const typed = values.filter((item) => !isNull(item) && item.literal?.kind !== 'error');
  const [first] = typed;
  if (first === undefined) return values[0]?.type;
  const firm = typed.filter((item) => item.literal?.kind !== 'string' && item.literal?.kind !== 'number');
  const candidates = [...(firm.length > 0 ? firm : typed), ...typed].map((item) => item.type);
  const structs = structSupertype(typed);
  if (structs !== undefined) candidates.unshift(structs);
  const numbers = NUMBERS.map((kind) => scalar(kind));
  return [...candidates, ...numbers].find((type) => typed.every((item) => coerce(item, type) !== undefined));
}

// STRUCTs meet field by field, under the names of the first.
function structSupertype(values: readonly Value[]): Type | undefined {
  const [first] = values;
  if (first?.type.kind !== 'STRUCT') return undefined;
  const fields = first.type.fields.map((field, index) => {
    const parts = values.map((item): Value | undefined => {
      if (item.type.kind !== 'STRUCT') return undefined;
      if (item.literal?.kind === 'items') return item.literal.items[index];
      const type = item.type.fields[index]?.type;
      return type === undefined ? undefined : { sql: 'NULL', type };
    });
    if (parts.includes(undefined)) return undefined;
    const type = supertype(parts as Value[]);
    return type === undefined ? undefined : { name: field.name, type };
  });
  return fields.includes(undefined)
    ? undefined
    : { kind: 'STRUCT', fields: fields as Extract<Type, { kind: 'STRUCT' }>['fields'] };
}

/** All values as their {@link supertype}; `what` is where they meet, for the message. */
export function unify(
  values: readonly Value[],
  what: string,
): { readonly type: Type; readonly values: Value[] } {
  const type = supertype(values);
  const converted = type === undefined ? [] : values.map((item) => coerce(item, type));
  if (type === undefined || converted.includes(undefined))
    throw invalidQuery(
      `No matching signature for ${what} for argument types: ${values.map((item) => typeText(item.type)).join(', ')}`,
    );
  return { type, values: converted as Value[] };
}
