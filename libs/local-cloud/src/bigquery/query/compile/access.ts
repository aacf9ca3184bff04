import { invalidQuery } from '../../rules/api-error.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import { jsonKeyStep } from './json-steps.js';
import { JSON_TYPE, structKeys, typeText } from './types.js';
import { type Value, value } from './value.js';

/** The field at a position of a STRUCT. */
export function fieldAt(row: Value, index: number): Value {
  if (row.type.kind !== 'STRUCT') throw invalidQuery(`${typeText(row.type)} has no fields`);
  const field = row.type.fields[index];
  const item = row.literal?.kind === 'items' ? row.literal.items[index] : undefined;
  const key = structKeys(row.type.fields)[index] ?? '';
  const type = field?.type;
  if (type === undefined) throw invalidQuery(`${typeText(row.type)} has no field ${index}`);
  const sql = item?.sql ?? `struct_extract(${row.sql}, ${quoteText(key)})`;
  return { sql, type, ...(field?.name === undefined ? {} : { name: field.name }) };
}

/** `value.name`: a field of a STRUCT, or a member of a JSON object. */
export function member(of: Value, name: string, place: () => string): Value {
  if (of.type.kind === 'JSON') return { ...jsonStep(of, jsonKeyStep(name)), name };
  if (of.type.kind !== 'STRUCT')
    throw invalidQuery(`Cannot access field ${name} on a value with type ${typeText(of.type)} ${place()}`);
  const matches = of.type.fields.flatMap((field, index) =>
    field.name?.toLowerCase() === name.toLowerCase() ? [index] : [],
  );
  if (matches.length > 1) throw invalidQuery(`Struct field name ${name} is ambiguous ${place()}`);
  const [index] = matches;
  if (index === undefined)
    throw invalidQuery(`Field name ${name} does not exist in ${typeText(of.type)} ${place()}`);
  return { ...fieldAt(of, index), name: of.type.fields[index]?.name ?? name };
}

/** One step further into a JSON document; steps gather into one path. */
export function jsonStep(of: Value, step: string): Value {
  const document = of.json?.document ?? of.sql;
  const path = `${of.json?.path ?? '$'}${step}`;
  return {
    ...value(`bq_json_extract(${document}, ${quoteText(path)})`, JSON_TYPE),
    json: { document, path },
  };
}

/** The fields of a STRUCT as columns. */
export function structColumns(row: Value): { readonly name: string | undefined; readonly value: Value }[] {
  if (row.type.kind !== 'STRUCT') return [];
  return row.type.fields.map(({ name }, index) => ({ name, value: fieldAt(row, index) }));
}
