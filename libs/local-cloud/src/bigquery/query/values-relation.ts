import type { Field } from '../rules/field-schema.js';
import { duckType, quoteName, quoteText } from '../warehouse/duckdb-types.js';

type Literal = string | number | boolean | null;

/** A literal, or DuckDB SQL. */
export type Value = Literal | { readonly sql: string };

/** Rows in one text of JSON. */
const CHUNK_ROWS = 1_000;

/** A relation of given rows. */
export function valuesRelation(fields: readonly Field[], rows: readonly (readonly Value[])[]): string {
  const literal = rows.filter((row): row is readonly Literal[] => row.every(isLiteral));
  const computed = rows.filter((row) => !row.every(isLiteral));
  const parts = [
    ...(literal.length > 0 || computed.length === 0 ? [literalRows(fields, literal)] : []),
    ...(computed.length > 0 ? [computedRows(fields, computed)] : []),
  ];
  return `(${parts.join(' UNION ALL ')})`;
}

/** Rows as texts of JSON: DuckDB parses a hundred thousand literals of SQL ten times as slowly, and in as much memory. */
function literalRows(fields: readonly Field[], rows: readonly (readonly Literal[])[]): string {
  const [first] = rows;
  const isConstant = fields.map((_, index) => rows.every((row) => row[index] === first?.[index]));
  const chunks: string[] = [];
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const objects = rows.slice(start, start + CHUNK_ROWS).map((row) => {
      const known = row.flatMap((value, index) =>
        value === null || isConstant[index] === true ? [] : [[`c${index}`, String(value)]],
      );
      return Object.fromEntries(known) as Readonly<Record<string, string>>;
    });
    chunks.push(`(${quoteText(JSON.stringify(objects))})`);
  }
  const shape = Object.fromEntries(fields.map((_, index) => [`c${index}`, 'VARCHAR']));
  const columns = fields.map((field, index) => {
    const value = isConstant[index] === true ? sqlValue(first?.[index] ?? null) : `r.c${index}`;
    return `CAST(${value} AS ${duckType(field)}) AS ${quoteName(field.name)}`;
  });
  const texts = chunks.length === 0 ? "('[]')" : chunks.join(', ');
  return `SELECT ${columns.join(', ')} FROM (SELECT unnest(from_json(j, ${quoteText(JSON.stringify([shape]))})) AS r FROM (VALUES ${texts}) AS v(j))`;
}

function computedRows(fields: readonly Field[], rows: readonly (readonly Value[])[]): string {
  const names = fields.map(({ name }) => quoteName(name));
  const values = rows.map((row) => `(${row.map(sqlValue).join(', ')})`);
  const columns = fields.map(
    (field) => `CAST(${quoteName(field.name)} AS ${duckType(field)}) AS ${quoteName(field.name)}`,
  );
  return `SELECT ${columns.join(', ')} FROM (VALUES ${values.join(', ')}) AS v(${names.join(', ')})`;
}

function isLiteral(value: Value): value is Literal {
  return typeof value !== 'object' || value === null;
}

function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'object') return value.sql;
  return typeof value === 'string' ? quoteText(value) : String(value);
}
