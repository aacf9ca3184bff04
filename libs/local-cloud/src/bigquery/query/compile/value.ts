import { quoteText } from '../../warehouse/duckdb-types.js';
import { duckTypeOf, INT64, type Type } from './types.js';

/** A compiled expression: DuckDB SQL, its GoogleSQL type, and whether it is a literal, which coerces more freely. */
export interface Value {
  readonly sql: string;
  readonly type: Type;
  readonly literal?: Literal;
  /** The name that a column of this expression gets without an alias. */
  readonly name?: string;
  /** A JSON document and the path in it, so that a chain of accesses is one extraction. */
  readonly json?: { readonly document: string; readonly path: string };
}

export type Literal =
  | { readonly kind: 'null' }
  /** ERROR(…): it is of any type. */
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'parameter' }
  | { readonly kind: 'items'; readonly items: readonly Value[] };

export function value(sql: string, type: Type): Value {
  return { sql, type };
}

/** NULL without a type of its own; it is INT64 where nothing says otherwise. */
export const UNTYPED_NULL: Value = {
  sql: 'CAST(NULL AS BIGINT)',
  type: INT64,
  literal: { kind: 'null' },
};

export function nullOf(type: Type): Value {
  return { sql: `CAST(NULL AS ${duckTypeOf(type)})`, type };
}

export function isNull(candidate: Value): boolean {
  return candidate.literal?.kind === 'null';
}

/** A call of a function of `functions/`. */
export function js(name: string, ...args: readonly string[]): string {
  return `bq_${name}(${args.join(', ')})`;
}

export function text(literal: string): string {
  // DuckDB ends a text at a NUL.
  if (!literal.includes('\0')) return quoteText(literal);
  return literal.split('\0').map(quoteText).join(' || chr(0) || ');
}
