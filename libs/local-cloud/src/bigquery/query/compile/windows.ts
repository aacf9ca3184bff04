import { invalidQuery } from '../../rules/api-error.js';
import type { Expression, FrameBound, OrderItem, WindowFrame, WindowSpec } from '../syntax/tree.js';
import { scaled } from './operators.js';
import { compile, type Scope } from './scope.js';
import { typeText } from './types.js';
import type { Value } from './value.js';

/** Keys of ORDER BY: NULL is first ascending and last descending, NaN comes right after it. */
export function orderKeys(of: Value, item: Omit<OrderItem, 'value'>, withNan = true): string {
  if (['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(of.type.kind))
    throw invalidQuery(`Ordering by expressions of type ${typeText(of.type)} is not allowed`);
  const direction = item.descending ? 'DESC' : 'ASC';
  const nullsFirst = item.nullsFirst ?? !item.descending;
  const tail = `${direction} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  if (of.type.kind === 'BIGNUMERIC') return `${scaled(of.sql)} ${tail}`;
  if (of.type.kind !== 'FLOAT64' || !withNan) return `${of.sql} ${tail}`;
  return `(NOT isnan(${of.sql})) ${tail}, ${of.sql} ${tail}`;
}

export function orderItem(item: OrderItem, scope: Scope, withNan = true): string {
  return orderKeys(compile(item.value, scope), item, withNan);
}

/** DuckDB SQL of ORDER BY inside an aggregate; empty without one. */
export function aggregateOrder(items: readonly OrderItem[], scope: Scope): string {
  if (items.length === 0) return '';
  return ` ORDER BY ${items.map((item) => orderItem(item, scope)).join(', ')}`;
}

/** DuckDB SQL of a partition key; FLOAT64 has no partitions in GoogleSQL. */
function partitionKey(node: Expression, scope: Scope): string {
  const of = compile(node, scope);
  if (['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY', 'FLOAT64'].includes(of.type.kind))
    throw invalidQuery(`Partitioning by expressions of type ${typeText(of.type)} is not allowed`);
  return of.type.kind === 'BIGNUMERIC' ? scaled(of.sql) : of.sql;
}

/** A window with those that it is based on taken in. */
function resolved(spec: WindowSpec, scope: Scope): WindowSpec {
  if (spec.base === undefined) return spec;
  const base = scope.windows.get(spec.base.toLowerCase());
  if (base === undefined) throw invalidQuery(`Unrecognized window alias ${spec.base}`);
  const inner = resolved(base, scope);
  return {
    base: undefined,
    partitionBy: [...inner.partitionBy, ...spec.partitionBy],
    orderBy: [...inner.orderBy, ...spec.orderBy],
    frame: spec.frame ?? inner.frame,
  };
}

/** DuckDB SQL `OVER (…)`. */
export function overClause(written: WindowSpec, scope: Scope): string {
  const spec = resolved(written, scope);
  const isRange = spec.frame?.unit === 'RANGE';
  const partition = spec.partitionBy.map((node) => partitionKey(node, scope));
  const order = spec.orderBy.map((item) => orderItem(item, scope, !isRange));
  const parts = [
    partition.length === 0 ? '' : `PARTITION BY ${partition.join(', ')}`,
    order.length === 0 ? '' : `ORDER BY ${order.join(', ')}`,
    spec.frame === undefined ? '' : frameSql(spec.frame, scope),
  ];
  return `OVER (${parts.filter((part) => part !== '').join(' ')})`;
}

function frameSql({ unit, start, end }: WindowFrame, scope: Scope): string {
  const bound = ({ side, amount }: FrameBound): string =>
    side === 'CURRENT ROW'
      ? side
      : `${amount === undefined ? 'UNBOUNDED' : compile(amount, scope).sql} ${side}`;
  return end === undefined ? `${unit} ${bound(start)}` : `${unit} BETWEEN ${bound(start)} AND ${bound(end)}`;
}
