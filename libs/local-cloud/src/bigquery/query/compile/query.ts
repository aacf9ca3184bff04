import { invalidQuery } from '../../rules/api-error.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import type { Expression, OrderItem, Query, QueryBody } from '../syntax/tree.js';
import { asInt64 } from './operators.js';
import { matchedByName } from './by-name.js';
import { coerce, supertype } from './coerce.js';
import { compile, innerScope, isSameName, newAlias, type Relation, type Scope } from './scope.js';
import { type Output, select, selectScope } from './select.js';
import { INT64, typeText, ungroupable } from './types.js';
import { UNTYPED_NULL, type Value } from './value.js';
import { orderKeys } from './windows.js';

/** DuckDB SQL of a query with the columns it gives, as `c0`, `c1` …. */
export function query(tree: Query, outer: Scope): Relation {
  const { prefix, scope } = withClause(tree, outer);
  const { body } = tree;
  const tail = `${limit('LIMIT', tree.limit, scope)}${limit('OFFSET', tree.offset, scope)}`;
  if (body.kind === 'select') {
    const parts = selectScope(body, scope);
    const { sql, outputs, list, isValue } = select(body, parts);
    const plain = relationOf(sql, outputs, isValue);
    if (tree.orderBy.length === 0) return { ...plain, sql: `${prefix}${sql}${tail}` };
    if (body.distinct) return { ...plain, sql: prefix + ordered(plain, tree.orderBy, scope) + tail };
    const manner = body.as === 'STRUCT' ? 'values' : 'positions';
    const keys = tree.orderBy.map((item) => selectKey(item, list, parts.after(list), manner));
    return { ...plain, sql: `${prefix}${sql} ORDER BY ${keys.join(', ')}${tail}` };
  }
  const relation = bodyRelation(body, scope);
  const sql = tree.orderBy.length === 0 ? relation.sql : ordered(relation, tree.orderBy, scope);
  const needsParentheses = tree.orderBy.length === 0 && tail !== '';
  const whole = needsParentheses ? `SELECT * FROM (${sql})` : sql;
  const { columns, isValue } = relation;
  return { sql: `${prefix}${whole}${tail}`, columns, isValue };
}

function relationOf(sql: string, outputs: readonly Output[], isValue: boolean): Relation {
  return {
    sql,
    columns: outputs.map(({ name, value }) => ({
      name,
      type: value.type,
      isNull: value.literal?.kind === 'null',
    })),
    isValue,
  };
}

function limit(keyword: string, node: Expression | undefined, scope: Scope): string {
  if (node === undefined) return '';
  const amount = asInt64(compile(node, scope), keyword);
  if (amount.literal?.kind === 'number' && amount.literal.text.startsWith('-'))
    throw invalidQuery(`${keyword} must not be negative`);
  return ` ${keyword} ${amount.sql}`;
}

function withClause(tree: Query, outer: Scope): { readonly prefix: string; readonly scope: Scope } {
  if (tree.with.length === 0) return { prefix: '', scope: outer };
  let scope = outer;
  const parts = tree.with.map(({ name, query: inner }) => {
    const alias = `w${newAlias(scope).slice(1)}`;
    const isRecursive = tree.recursive && inner.body.kind === 'set' && inner.body.operator === 'UNION';
    const { sql, columns, isValue } = isRecursive
      ? recursive(inner, name, alias, scope)
      : query(inner, innerScope(scope));
    scope = {
      ...scope,
      ctes: new Map([...scope.ctes, [name.toLowerCase(), named(alias, columns, isValue)]]),
    };
    return `${alias}(${columns.map((_, index) => quoteName(`c${index}`)).join(', ')}) AS (${sql})`;
  });
  return { prefix: `WITH ${tree.recursive ? 'RECURSIVE ' : ''}${parts.join(', ')} `, scope };
}

function named(alias: string, columns: Relation['columns'], isValue: boolean): Relation {
  return { sql: `SELECT * FROM ${alias}`, columns, isValue };
}

// The recursive term sees the columns of the first one.
function recursive(inner: Query, name: string, alias: string, scope: Scope): Relation {
  const { body } = inner;
  if (body.kind !== 'set') return query(inner, scope);
  const base = bodyRelation(body.left, innerScope(scope));
  const self: Scope = {
    ...scope,
    ctes: new Map([...scope.ctes, [name.toLowerCase(), named(alias, base.columns, false)]]),
  };
  const step = bodyRelation(body.right, innerScope(self));
  if (step.columns.length !== base.columns.length)
    throw invalidQuery('Queries in UNION have mismatched column counts');
  const steps = converted(step, base.columns, scope);
  return { ...base, sql: `(${base.sql}) UNION${body.all ? ' ALL' : ''} (${steps})` };
}

function bodyRelation(body: QueryBody, scope: Scope): Relation {
  switch (body.kind) {
    case 'query':
      return query(body.query, innerScope(scope));
    case 'select': {
      const { sql, outputs, isValue } = select(body, selectScope(body, scope));
      const isConstant =
        body.from === undefined &&
        !body.distinct &&
        !isValue &&
        body.groupBy === undefined &&
        !/\bSELECT\b|\bOVER\b|count\(|sum\(/.test(sql.slice(6));
      const relation = relationOf(sql, outputs, isValue);
      return isConstant ? { ...relation, rows: [outputs.map(({ value }) => value)] } : relation;
    }
    case 'set':
      return setOperation(body, scope);
  }
}

type SetBody = Extract<QueryBody, { kind: 'set' }>;

function setOperation(body: SetBody, scope: Scope): Relation {
  if (isUnionAll(body)) return unionAll(body, operandsOf(body, scope), scope);
  const sides = [bodyRelation(body.left, scope), bodyRelation(body.right, scope)] as const;
  const matched = body.byName === undefined ? sides : matchedByName(body.byName, sides[0], sides[1], scope);
  return combined(body, matched, scope);
}

function isUnionAll(body: QueryBody): body is SetBody & { readonly all: true; readonly operator: 'UNION' } {
  return body.kind === 'set' && body.operator === 'UNION' && body.all && body.byName === undefined;
}

function operandsOf(body: SetBody, scope: Scope): Relation[] {
  const operands: QueryBody[] = [];
  let rest: QueryBody = body;
  for (; isUnionAll(rest); rest = rest.left) operands.push(rest.right);
  operands.push(rest);
  return operands.reverse().map((operand) => bodyRelation(operand, scope));
}

// `a UNION ALL b UNION ALL c …` as a balanced tree: DuckDB refuses to parse a chain of hundreds.
function unionAll(body: SetBody, operands: readonly Relation[], scope: Scope): Relation {
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(operands.length / 2);
  const left = unionAll(body, operands.slice(0, middle), scope);
  return combined(body, [left, unionAll(body, operands.slice(middle), scope)], scope);
}

function combined(body: SetBody, [left, right]: readonly [Relation, Relation], scope: Scope): Relation {
  const word = `${body.operator} ${body.all ? 'ALL' : 'DISTINCT'}`;
  if (!body.all) refuseUngroupable([left, right], word);
  if (left.columns.length !== right.columns.length)
    throw invalidQuery(
      `Queries in ${word} have mismatched column count; query 1 has ${left.columns.length} columns, query 2 has ${right.columns.length} columns`,
    );
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index] ?? column;
    const type = supertype([asValue(column), asValue(other)]);
    if (type === undefined)
      throw invalidQuery(
        `Column ${index + 1} in ${word} has incompatible types: ${typeText(column.type)}, ${typeText(other.type)}`,
      );
    return { name: column.name, type, isNull: column.isNull === true && other.isNull === true };
  });
  const rows = body.operator === 'UNION' && body.all ? constantRows(left, right, columns) : undefined;
  if (rows !== undefined) return { sql: valuesSql(rows, scope), columns, isValue: false, rows };
  const operator = `${body.operator}${body.all ? ' ALL' : ''}`;
  const sql = `(${converted(left, columns, scope)}) ${operator} (${converted(right, columns, scope)})`;
  return { sql, columns, isValue: left.isValue && right.isValue };
}

function refuseUngroupable(relations: readonly Relation[], word: string): void {
  for (const { columns } of relations)
    columns.forEach(({ type }, index) => {
      const inner = ungroupable(type);
      if (inner !== undefined)
        throw invalidQuery(
          `Column ${index + 1} in ${word} has type that does not support set operation comparisons: ${typeText(inner)}`,
        );
    });
}

/** Rows without FROM are one VALUES list, which keeps their order. */
function constantRows(
  left: Relation,
  right: Relation,
  columns: Relation['columns'],
): readonly (readonly Value[])[] | undefined {
  if (left.rows === undefined || right.rows === undefined) return undefined;
  const all = [...left.rows, ...right.rows].map((row) =>
    row.map((item, index) => coerce(item, columns[index]?.type ?? item.type)),
  );
  return all.some((row) => row.includes(undefined)) ? undefined : (all as Value[][]);
}

function valuesSql(rows: readonly (readonly Value[])[], scope: Scope): string {
  const [first = []] = rows;
  const list = rows.map((row) => `(${row.map((item) => item.sql).join(', ')})`).join(', ');
  return `SELECT * FROM (VALUES ${list}) AS ${newAlias(scope)}(${first.map((_, index) => `"c${index}"`).join(', ')})`;
}

function asValue({ type, isNull }: Relation['columns'][number]): Value {
  return isNull === true ? UNTYPED_NULL : { sql: 'NULL', type };
}

/** The rows of a relation with its columns as other types. */
function converted(relation: Relation, columns: Relation['columns'], scope: Scope): string {
  const alias = newAlias(scope);
  const values = columns.map(({ type }, index) => {
    const from = relation.columns[index] ?? { name: undefined, type: INT64 };
    const reference = `${alias}."c${index}"`;
    const of: Value = from.isNull === true ? UNTYPED_NULL : { sql: reference, type: from.type };
    const to = coerce(of, type);
    if (to === undefined)
      throw invalidQuery(
        `Column ${index + 1} has incompatible types: ${typeText(from.type)}, ${typeText(type)}`,
      );
    return `${to.sql} AS "c${index}"`;
  });
  return `SELECT ${values.join(', ')} FROM (${relation.sql}) AS ${alias}`;
}

// ORDER BY over a finished relation: its columns by name or position.
function ordered(relation: Relation, items: readonly OrderItem[], scope: Scope): string {
  const alias = newAlias(scope);
  const columns = relation.columns.map(({ name, type }, index) => ({
    name,
    value: { sql: `${alias}."c${index}"`, type },
  }));
  const inner = innerScope(scope, [{ alias: undefined, columns }]);
  const keys = items.map((item) => {
    const position = ordinal(item.value, columns.length);
    const of = position === undefined ? compile(item.value, inner) : columns[position]?.value;
    return orderKeys(of ?? UNTYPED_NULL, item);
  });
  return `SELECT ${columns.map(({ value }) => value.sql).join(', ')} FROM (${relation.sql}) AS ${alias} ORDER BY ${keys.join(', ')}`;
}

// Columns of the SELECT list are keys by position, or by value if they are fields of one STRUCT.
function selectKey(
  item: OrderItem,
  outputs: readonly Output[],
  scope: Scope,
  manner: 'positions' | 'values',
): string {
  const node = item.value;
  const position =
    ordinal(node, outputs.length) ??
    (node.kind === 'name' ? outputs.findIndex((output) => isSameName(output.name, node.name)) : -1);
  const output = outputs[position];
  if (output === undefined) return orderKeys(compile(node, scope), item);
  const isPlain =
    manner === 'positions' && output.value.type.kind !== 'FLOAT64' && output.value.type.kind !== 'BIGNUMERIC';
  return orderKeys(isPlain ? { ...output.value, sql: String(position + 1) } : output.value, item);
}

/** The position of an ORDER BY or GROUP BY number, from 0. */
export function ordinal(node: Expression, count: number): number | undefined {
  if (node.kind !== 'literal' || node.type !== 'INT64') return undefined;
  const position = Number(node.text);
  if (position < 1 || position > count)
    throw invalidQuery(
      `ORDER BY column number item is out of range. Column numbers must be between 1 and ${count}`,
    );
  return position - 1;
}
