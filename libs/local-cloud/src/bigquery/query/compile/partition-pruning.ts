import { quoteName } from '../../warehouse/duckdb-types.js';
import { PARTITION_TIME } from '../../warehouse/ingestion-time.js';
import type { Expression } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import { compile, isSameName, rootScope, type Scope } from './scope.js';
import { scalar, type Type } from './types.js';

/** The column that a table is partitioned by, and the length of a partition. */
export interface Partitioning {
  readonly column: string;
  readonly type: 'DATE' | 'DATETIME' | 'TIMESTAMP';
  readonly unit: 'HOUR' | 'DAY' | 'MONTH' | 'YEAR';
}

/** Parts of a condition that all have to hold. */
export function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== 'AND') return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

/**
 * DuckDB SQL that holds for the rows of the partitions that conditions on the partition column leave, without an alias;
 * `undefined` if none limits them. Over too many partitions rather than too few: only comparisons with a constant count.
 *
 * Shape: `ts >= TIMESTAMP '…'`, BETWEEN, `=`, `DATE(ts) = …`, and `_PARTITIONTIME` or `_PARTITIONDATE` of tables by ingestion time.
 * Source: cloud.google.com/bigquery/docs/querying-partitioned-tables#use_a_constant_filter_expression, from memory on 2026-11-30.
 */
export function partitionCondition(
  partitioning: Partitioning | undefined,
  alias: string | undefined,
  filters: readonly Expression[],
  scope: Scope,
): string | undefined {
  if (partitioning === undefined) return undefined;
  const parts = filters.flatMap(comparisonsOf).flatMap((comparison) => {
    const sql = partOf(comparison, partitioning, alias, scope);
    return sql === undefined ? [] : [sql];
  });
  return parts.length === 0 ? undefined : parts.join(' AND ');
}

type Operator = '=' | '<' | '<=' | '>' | '>=';

interface Comparison {
  readonly left: Expression;
  readonly operator: Operator;
  readonly right: Expression;
}

const MIRRORED: Readonly<Record<string, Operator>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function comparisonsOf(node: Expression): Comparison[] {
  if (node.kind === 'between' && !node.not)
    return [
      { left: node.of, operator: '>=', right: node.low },
      { left: node.of, operator: '<=', right: node.high },
    ];
  const mirrored = node.kind === 'binary' ? MIRRORED[node.operator] : undefined;
  if (node.kind !== 'binary' || mirrored === undefined) return [];
  return [
    { left: node.left, operator: node.operator as Operator, right: node.right },
    { left: node.right, operator: mirrored, right: node.left },
  ];
}

function partOf(
  { left, operator, right }: Comparison,
  partitioning: Partitioning,
  alias: string | undefined,
  scope: Scope,
): string | undefined {
  const side = sideOf(left, partitioning, alias);
  if (side === undefined || !isConstant(right)) return undefined;
  const isDay = side === 'day' || partitioning.type === 'DATE';
  const limit = constantSql(right, isDay ? scalar('DATE') : scalar(partitioning.type), scope);
  if (limit === undefined) return undefined;
  const { column, type, unit } = partitioning;
  const stored = quoteName(column);
  const moment = type === 'TIMESTAMP' ? `timezone('UTC', ${stored})` : `CAST(${stored} AS TIMESTAMP)`;
  const truncated = (sql: string): string => `date_trunc('${unit.toLowerCase()}', ${sql})`;
  const begin = truncated(moment);
  const from = isDay || type !== 'TIMESTAMP' ? `CAST(${limit} AS TIMESTAMP)` : `timezone('UTC', ${limit})`;
  const next = isDay ? `(${from} + INTERVAL 1 DAY)` : from;
  switch (operator) {
    case '=':
      return isDay
        ? `${begin} >= ${truncated(from)} AND ${begin} < ${next}`
        : `${begin} = ${truncated(from)}`;
    case '>=':
      return `${begin} >= ${truncated(from)}`;
    case '>':
      return `${begin} >= ${truncated(next)}`;
    case '<':
      return `${begin} < ${from}`;
    case '<=':
      return isDay ? `${begin} < ${next}` : `${begin} <= ${from}`;
  }
}

/** The partition column itself, or its day. */
function sideOf(
  node: Expression,
  partitioning: Partitioning,
  alias: string | undefined,
): 'column' | 'day' | undefined {
  const isTime = partitioning.column === PARTITION_TIME.name;
  const names = (path: Expression, column: string): boolean =>
    (path.kind === 'name' && isSameName(path.name, column)) ||
    (path.kind === 'field' &&
      isSameName(path.name, column) &&
      path.of.kind === 'name' &&
      alias !== undefined &&
      isSameName(path.of.name, alias));
  if (names(node, partitioning.column)) return 'column';
  if (isTime && names(node, '_PARTITIONDATE')) return 'day';
  const [only] = node.kind === 'call' && node.name === 'DATE' && node.args.length === 1 ? node.args : [];
  return only !== undefined && names(only, partitioning.column) ? 'day' : undefined;
}

/** Literals, named parameters, and functions of them. */
function isConstant(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isConstant);
  if (typeof node !== 'object' || node === null) return true;
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'subquery' || kind === 'name' || (kind === 'parameter' && name === undefined)) return false;
  return Object.values(node).every(isConstant);
}

function constantSql(node: Expression, type: Type, scope: Scope): string | undefined {
  try {
    return coerce(compile(node, rootScope(scope.environment)), type)?.sql;
  } catch {
    // The statement itself reports what is wrong with it.
    return undefined;
  }
}
