import { isJsonObject } from '../../rules/json.js';
import type { Scope } from './scope.js';
import { nodeOf, notTranslated } from './sql-tree.js';

/** Parts of dates and times that intervals count. */
export const UNITS: ReadonlySet<string> = new Set([
  'MICROSECOND',
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
]);

/** DuckDB SQL of `INTERVAL n UNIT`; refuses ranges such as `YEAR TO MONTH`. */
export function intervalSql(value: unknown, scope: Scope): string {
  const { kind, body } = nodeOf(value);
  const unit = body['unit'];
  if (kind !== 'interval' || !isJsonObject(unit) || unit['type'] !== 'simple')
    throw notTranslated('anything but a simple INTERVAL n UNIT');
  const name = String(unit['unit']).toUpperCase();
  if (!UNITS.has(name)) throw notTranslated(`INTERVAL of ${name}`);
  const amount = nodeOf(body['this']);
  const isLiteral = amount.kind === 'literal';
  const count = isLiteral ? String(amount.body['value']) : scope.render.expression(body['this'], scope);
  if (isLiteral && !/^-?\d+$/.test(count)) throw notTranslated(`INTERVAL '${count}'`);
  return `to_${name.toLowerCase()}s(CAST(${count} AS ${name === 'SECOND' ? 'DOUBLE' : 'BIGINT'}))`;
}
