import { invalidQuery } from '../../rules/api-error.js';
import { fieldNamed } from '../../rules/field-places.js';
import type { Field } from '../../rules/field-schema.js';
import { tableKey } from '../../rules/table-resource.js';
import type { TableEntry } from '../../warehouse/catalog.js';
import { PARTITION_TIME } from '../../warehouse/ingestion-time.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { fieldAt } from '../compile/access.js';
import { coerce, structValue } from '../compile/coerce.js';
import { parameterSize } from '../compile/parameterized.js';
import { compile, isSameName, type Scope } from '../compile/scope.js';
import { duckTypeOf, isSameType, typeOfField, typeText } from '../compile/types.js';
import { type Value, value } from '../compile/value.js';
import type { Assignment } from '../syntax/dml-tree.js';
import type { Expression } from '../syntax/tree.js';

/** The column of a table. Errors: `Column … is not present in table …`. */
export function columnNamed(entry: TableEntry, name: string): Field {
  if (entry.hasIngestionTime === true && isSameName(PARTITION_TIME.name, name)) return PARTITION_TIME;
  const field = fieldNamed(entry.fields, name);
  if (field === undefined)
    throw invalidQuery(`Column ${name} is not present in table ${tableKey(entry.name)}`);
  return field;
}

/** The value of a column that a statement leaves out: NULL, or an empty array. */
export function emptyOf(field: Field): string {
  return `CAST(${field.mode === 'REPEATED' ? '[]' : 'NULL'} AS ${duckTypeOf(typeOfField(field))})`;
}

/** DuckDB SQL of a value for a column. */
export function assigned(node: Expression, field: Field, scope: Scope): string {
  if (node.kind === 'default') return emptyOf(field);
  return assignedValue(compile(node, scope), field);
}

/** A value as a column takes it: coerced, its length or scale checked, a NULL array as an empty one. */
export function assignedValue(from: Value, field: Field): string {
  const type = typeOfField(field);
  const converted = coerce(from, type);
  if (converted === undefined)
    throw invalidQuery(
      `Value of type ${typeText(from.type)} cannot be assigned to ${field.name}, which has type ${typeText(type)}`,
    );
  if (field.mode === 'REPEATED') return `coalesce(${converted.sql}, ${emptyOf(field)})`;
  const parameters = [field.maxLength ?? field.precision, field.scale].filter((item) => item !== undefined);
  return parameterSize(converted.sql, type, { name: type.kind, parameters }, false);
}

/** `"column" = value` for each column that assignments touch; those of a record's fields rebuild the record. */
export function assignments(
  entry: TableEntry,
  alias: string | undefined,
  set: readonly Assignment[],
  scope: Scope,
  target: string,
): string[] {
  const whole = new Map<Field, Value>();
  const changed: string[] = [];
  for (const { path, value: node } of set) {
    const names =
      path.length > 1 && isSameName(alias, path[0] ?? '') && !isColumn(entry, path[0] ?? '')
        ? path.slice(1)
        : path;
    const [first = '', ...rest] = names;
    const field = columnNamed(entry, first);
    if (rest.length === 0) {
      changed.push(`${quoteName(field.name)} = ${assigned(node, field, scope)}`);
      continue;
    }
    const before = whole.get(field) ?? value(`${target}.${quoteName(field.name)}`, typeOfField(field));
    whole.set(field, withField(before, rest, node, scope));
  }
  for (const [field, { sql }] of whole) changed.push(`${quoteName(field.name)} = ${sql}`);
  return changed;
}

function isColumn(entry: TableEntry, name: string): boolean {
  return fieldNamed(entry.fields, name) !== undefined;
}

function withField(of: Value, path: readonly string[], node: Expression, scope: Scope): Value {
  const { type } = of;
  const [name = '', ...rest] = path;
  if (type.kind !== 'STRUCT')
    throw invalidQuery(`Cannot access field ${name} on a value with type ${typeText(type)}`);
  const place = type.fields.findIndex((field) => isSameName(field.name, name));
  if (place < 0) throw invalidQuery(`Field name ${name} does not exist in ${typeText(type)}`);
  const items = type.fields.map((field, index) => {
    const old = fieldAt(of, index);
    if (index !== place) return old;
    if (rest.length > 0) return withField(old, rest, node, scope);
    const given = compile(node, scope);
    const converted = coerce(given, field.type);
    if (converted === undefined || !isSameType(converted.type, field.type))
      throw invalidQuery(
        `Value of type ${typeText(given.type)} cannot be assigned to ${name}, which has type ${typeText(field.type)}`,
      );
    return converted;
  });
  return { sql: structValue(items, type).sql, type };
}
