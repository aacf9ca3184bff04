import type { JsonObject } from '../../rules/json.js';
import { isKnown } from './infer-type.js';
import type { Scope } from './scope.js';
import { childOf, listOf, notTranslated, refuseParts } from './sql-tree.js';
import { orderItem } from './windows.js';

const NAMES: Readonly<Record<string, string>> = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  any_value: 'any_value',
  array_agg: 'array_agg',
  string_agg: 'string_agg',
  // DuckDB's own count_if is NULL where there are no rows.
  count_if: 'count',
  approx_count_distinct: 'approx_count_distinct',
  approx_distinct: 'approx_count_distinct',
  logical_or: 'bool_or',
  logical_and: 'bool_and',
  stddev: 'stddev_samp',
  stddev_samp: 'stddev_samp',
  stddev_pop: 'stddev_pop',
  variance: 'var_samp',
  var_samp: 'var_samp',
  var_pop: 'var_pop',
  corr: 'corr',
  bitwise_and_agg: 'bit_and',
  bitwise_or_agg: 'bit_or',
};

const KEEPS_BIGNUMERIC = new Set(['count', 'min', 'max', 'any_value', 'array_agg', 'approx_count_distinct']);

/** Kinds of nodes that are aggregate functions. */
export const AGGREGATES: ReadonlySet<string> = new Set(Object.keys(NAMES));

/** DuckDB SQL of an aggregate with its DISTINCT, ORDER BY, LIMIT, IGNORE NULLS and HAVING MAX/MIN refused. */
export function aggregate(kind: string, body: JsonObject, scope: Scope): string {
  refuseParts(kind.toUpperCase(), body, [
    'this',
    'expression',
    'star',
    'distinct',
    'order_by',
    'limit',
    'ignore_nulls',
    'separator',
    'filter',
  ]);
  if (body['star'] === true) return 'count(*)';
  const given = scope.render.expression(body['this'], scope);
  const value = kind === 'count_if' ? `CASE WHEN ${given} THEN TRUE END` : given;
  if (isKnown(body['this'], 'BIGNUMERIC', scope) && !KEEPS_BIGNUMERIC.has(kind)) {
    if (kind !== 'sum' || body['distinct'] === true)
      throw notTranslated(`${kind.toUpperCase()} of BIGNUMERIC`);
    return `bq_bignumeric_sum(${value})`;
  }
  const second = childOf(body, 'expression');
  const separator =
    kind === 'string_agg'
      ? `, ${separatorOf(body, scope)}`
      : second === undefined
        ? ''
        : `, ${scope.render.expression(second, scope)}`;
  const order = listOf(body, 'order_by').map((entry) => orderItem(entry, scope));
  const inside = [
    body['distinct'] === true ? 'DISTINCT ' : '',
    value,
    separator,
    order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`,
  ].join('');
  const ignoreNulls = kind === 'array_agg' && body['ignore_nulls'] === true;
  const sql = `${NAMES[kind] ?? kind}(${inside})${ignoreNulls ? ` FILTER (WHERE ${value} IS NOT NULL)` : ''}`;
  return limited(kind, sql, body, scope);
}

function separatorOf(body: JsonObject, scope: Scope): string {
  const separator = childOf(body, 'separator');
  return separator === undefined ? "','" : scope.render.expression(separator, scope);
}

function limited(kind: string, sql: string, body: JsonObject, scope: Scope): string {
  const limit = childOf(body, 'limit');
  if (limit === undefined) return sql;
  if (kind !== 'array_agg') throw notTranslated(`LIMIT in ${kind.toUpperCase()}`);
  return `list_slice(${sql}, 1, ${scope.render.expression(limit, scope)})`;
}
