import type { Field } from '../rules/field-schema.js';
import { duckType, quoteName, quoteText } from './duckdb-types.js';

/** DuckDB SQL that gives a value of the old type as one of the new; fields that are new are NULL, or empty arrays. */
export function conversion(value: string, before: Field, after: Field): string {
  if (duckType(before) === duckType(after)) return value;
  if (after.mode === 'REPEATED') return `CAST(${value} AS ${duckType(after)})`;
  if (after.type === 'BIGNUMERIC') return `bq_bignumeric(CAST(${value} AS VARCHAR))`;
  if (after.type !== 'RECORD') return `CAST(${value} AS ${duckType(after)})`;
  const fields = (after.fields ?? []).map((field, index) => {
    const old = before.fields?.[index];
    const converted =
      old === undefined
        ? emptyValue(field)
        : conversion(`struct_extract(${value}, ${quoteText(old.name)})`, old, field);
    return `${quoteName(field.name)} := ${converted}`;
  });
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`;
}

/** SQL of a new column's value in existing rows. */
export function emptyValue(field: Field): string {
  return `CAST(${field.mode === 'REPEATED' ? '[]' : 'NULL'} AS ${duckType(field)})`;
}
