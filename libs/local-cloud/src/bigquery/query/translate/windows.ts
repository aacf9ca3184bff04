import { isJsonObject, type JsonObject } from '../../rules/json.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import type { Scope } from './scope.js';
import { childOf, isSet, listOf, nameOf, nodeOf, notTranslated, refuseParts } from './sql-tree.js';

/** DuckDB SQL inside the parentheses of OVER. */
export function windowSpec(body: JsonObject, scope: Scope): string {
  refuseParts('OVER', body, ['partition_by', 'order_by', 'frame', 'window_name']);
  const partition = listOf(body, 'partition_by').map((entry) => scope.render.expression(entry, scope));
  const order = listOf(body, 'order_by').map((entry) => orderItem(entry, scope));
  const frame = childOf(body, 'frame');
  return [
    nameOf(body['window_name']) === undefined ? '' : quoteName(nameOf(body['window_name']) ?? ''),
    partition.length === 0 ? '' : `PARTITION BY ${partition.join(', ')}`,
    order.length === 0 ? '' : `ORDER BY ${order.join(', ')}`,
    frame === undefined ? '' : windowFrame(frame, scope),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function windowFrame(frame: JsonObject, scope: Scope): string {
  refuseParts('window frame', frame, ['kind', 'start', 'end']);
  const bound = (value: unknown): string => {
    const { kind, body } = nodeOf(value);
    const amount = (side: string): string =>
      Object.keys(body).length === 0
        ? `UNBOUNDED ${side}`
        : `${scope.render.expression(body, scope)} ${side}`;
    switch (kind) {
      case 'UnboundedPreceding':
        return 'UNBOUNDED PRECEDING';
      case 'UnboundedFollowing':
        return 'UNBOUNDED FOLLOWING';
      case 'CurrentRow':
        return 'CURRENT ROW';
      case 'Preceding':
        return amount('PRECEDING');
      case 'Following':
        return amount('FOLLOWING');
      default:
        throw notTranslated(`window frame bound ${kind}`);
    }
  };
  const unit = String(frame['kind']).toUpperCase();
  return isSet(frame, 'end')
    ? `${unit} BETWEEN ${bound(frame['start'])} AND ${bound(frame['end'])}`
    : `${unit} ${bound(frame['start'])}`;
}

/** One entry of ORDER BY; NULLs come first ascending and last descending, as in BigQuery. */
export function orderItem(value: unknown, scope: Scope): string {
  const body = isJsonObject(value) ? (childOf(value, 'ordered') ?? value) : {};
  refuseParts('ORDER BY', body, ['this', 'desc', 'asc', 'nulls_first', 'explicit_asc']);
  const descending = body['desc'] === true;
  const nullsFirst = typeof body['nulls_first'] === 'boolean' ? body['nulls_first'] : !descending;
  const key = scope.render.expression(body['this'], scope);
  return `${key} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}
