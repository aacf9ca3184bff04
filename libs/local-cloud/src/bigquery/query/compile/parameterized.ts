import { invalidQuery } from '../../rules/api-error.js';
import type { TypeName } from '../syntax/tree.js';
import type { Type } from './types.js';
import { bignumericOf } from './casts.js';
import { js } from './value.js';

/** A value as its parameterized type: `STRING(3)` checks the length, `NUMERIC(5, 2)` rounds to the scale. */
export function parameterSize(sql: string, type: Type, written: TypeName, safe: boolean): string {
  const [first, second = '0'] = written.parameters;
  if (first === undefined) return sql;
  if (!/^\d+$/.test(first) || !/^\d+$/.test(second))
    throw invalidQuery(`Invalid type parameters of ${written.name}`);
  const name = (base: string): string => (safe ? `safe_${base}` : base);
  switch (type.kind as string) {
    case 'STRING':
      return js(name('limit_text'), sql, `${first}::BIGINT`);
    case 'BYTES':
      return js(name('limit_bytes'), sql, `${first}::BIGINT`);
    case 'NUMERIC':
      return js(name('limit_numeric'), sql, `${first}::BIGINT`, `${second}::BIGINT`);
    case 'BIGNUMERIC':
      return bignumericOf(
        js(name('limit_scaled'), `bq_scaled(${sql})`, `${first}::BIGINT`, `${second}::BIGINT`),
      );
    default:
      throw invalidQuery(`${written.name} does not support type parameters`);
  }
}
