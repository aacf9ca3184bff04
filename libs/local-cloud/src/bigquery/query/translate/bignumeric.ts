import type { Field } from '../../rules/field-schema.js';
import { duckType } from '../../warehouse/duckdb-types.js';
import { isKnown } from './infer-type.js';
import type { Scope } from './scope.js';
import { notTranslated } from './sql-tree.js';

/** DuckDB SQL of an expression as a BIGNUMERIC, whatever number it is. */
export function asBignumeric(value: unknown, scope: Scope): string {
  const sql = scope.render.expression(value, scope);
  return isKnown(value, 'BIGNUMERIC', scope) ? sql : `bq_bignumeric(CAST(${sql} AS VARCHAR))`;
}

/** The scaled integer inside a BIGNUMERIC. DuckDB compares it; it fails on ranges of the STRUCT around it. */
export function scaled(sql: string): string {
  return `struct_extract(${sql}, 'bignumeric')`;
}

const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>=', 'IS NOT DISTINCT FROM', 'IS DISTINCT FROM']);

/** An operator with a BIGNUMERIC on either side; `undefined` where none is known to be one. */
export function bignumericOperation(
  operator: string,
  left: unknown,
  right: unknown,
  scope: Scope,
): string | undefined {
  if (!isKnown(left, 'BIGNUMERIC', scope) && !isKnown(right, 'BIGNUMERIC', scope)) return undefined;
  const [a, b] = [asBignumeric(left, scope), asBignumeric(right, scope)];
  if (COMPARISONS.has(operator)) return `(${scaled(a)} ${operator} ${scaled(b)})`;
  if (operator === '+') return `bq_bignumeric_add(${a}, ${b})`;
  if (operator === '-') return `bq_bignumeric_add(${a}, bq_bignumeric_neg(${b}))`;
  throw notTranslated(`BIGNUMERIC ${operator}`);
}

/** CAST of a BIGNUMERIC to another type, by way of its decimal text. */
export function castBignumeric(sql: string, to: Field, keyword: string): string {
  const text = `bq_bignumeric_text(${sql})`;
  if (to.type === 'BIGNUMERIC') return sql;
  if (to.type === 'STRING') return text;
  if (to.type === 'NUMERIC' || to.type === 'FLOAT') return `${keyword}(${text} AS ${duckType(to)})`;
  if (to.type === 'INTEGER') return `${keyword}(${keyword}(${text} AS DECIMAL(38,9)) AS BIGINT)`;
  throw notTranslated(`CAST of BIGNUMERIC to ${to.type}`);
}
