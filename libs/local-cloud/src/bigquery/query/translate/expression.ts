import { isJsonObject, type JsonObject } from '../../rules/json.js';
import { duckType, quoteName, quoteText } from '../../warehouse/duckdb-types.js';
import { AGGREGATES, aggregate } from './aggregates.js';
import { asBignumeric, bignumericOperation, castBignumeric, scaled } from './bignumeric.js';
import { fieldOfType } from './data-types.js';
import { call } from './functions.js';
import { isKnown } from './infer-type.js';
import { intervalSql } from './intervals.js';
import { literal } from './literals.js';
import type { Place, Scope } from './scope.js';
import { structFields } from './structs.js';
import { childOf, listOf, nameOf, nodeOf, notTranslated, refuseParts } from './sql-tree.js';
import { windowSpec } from './windows.js';

type Translate = (body: JsonObject, scope: Scope, place: Place) => string;

/** DuckDB SQL of a GoogleSQL expression; refuses with `invalidQuery` what it does not know. */
export function expression(value: unknown, scope: Scope, place: Place = 'operand'): string {
  const { kind, body } = nodeOf(value);
  const known = BY_KIND[kind];
  if (known !== undefined) return known(body, scope, place);
  const operator = OPERATORS[kind];
  if (operator !== undefined) return binary(operator, body, scope);
  if (AGGREGATES.has(kind)) return aggregate(kind, body, scope);
  return call(kind, body, scope);
}

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  and: 'AND',
  or: 'OR',
  concat: '||',
  bitwise_and: '&',
  bitwise_or: '|',
  null_safe_eq: 'IS NOT DISTINCT FROM',
  null_safe_neq: 'IS DISTINCT FROM',
};

const BY_KIND: Readonly<Record<string, Translate>> = {
  literal: (body, _scope, place) => literal(body, place),
  boolean: (body) => (body['value'] === true ? 'TRUE' : 'FALSE'),
  null: () => 'NULL',
  column,
  identifier: (body) => quoteName(nameOf(body) ?? ''),
  dot: (body, scope) => `${expression(body['this'], scope)}.${quoteName(nameOf(body['field']) ?? '')}`,
  placeholder: (_body, scope) => scope.resolver.parameter(undefined),
  parameter,
  paren: (body, scope, place) =>
    `(${isQuery(body['this']) ? scope.render.query(body['this'], scope) : expression(body['this'], scope, place)})`,
  alias: (body, scope, place) => expression(body['this'], scope, place),
  not: (body, scope) => `(NOT ${expression(body['this'], scope)})`,
  neg: (body, scope, place) => {
    const value = expression(body['this'], scope, place);
    return isKnown(body['this'], 'BIGNUMERIC', scope) ? `bq_bignumeric_neg(${value})` : `(- ${value})`;
  },
  in: inList,
  between: (body, scope) => {
    const not = body['not'] === true ? 'NOT ' : '';
    const isBig = isKnown(body['this'], 'BIGNUMERIC', scope);
    const [value, low, high] = ['this', 'low', 'high'].map((key) =>
      isBig ? scaled(asBignumeric(body[key], scope)) : expression(body[key], scope),
    );
    return `(${value ?? ''} ${not}BETWEEN ${low ?? ''} AND ${high ?? ''})`;
  },
  like,
  is_null: (body, scope) =>
    `(${expression(body['this'], scope)} IS ${body['not'] === true ? 'NOT ' : ''}NULL)`,
  is_true: (body, scope) =>
    `(${expression(body['this'], scope)} IS ${body['not'] === true ? 'NOT ' : ''}TRUE)`,
  is_false: (body, scope) =>
    `(${expression(body['this'], scope)} IS ${body['not'] === true ? 'NOT ' : ''}FALSE)`,
  case: caseWhen,
  cast: (body, scope) => cast(body, scope, 'CAST'),
  safe_cast: (body, scope) => cast(body, scope, 'TRY_CAST'),
  try_cast: (body, scope) => cast(body, scope, 'TRY_CAST'),
  subquery: (body, scope) => `(${scope.render.query({ subquery: body }, scope)})`,
  select: (body, scope) => `(${scope.render.query({ select: body }, scope)})`,
  exists: (body, scope) =>
    `(${body['not'] === true ? 'NOT ' : ''}EXISTS (${scope.render.query(body['this'], scope)}))`,
  array: (body, scope) => arrayOf(body, scope),
  array_func: (body, scope) => arrayOf(body, scope),
  struct: structOf,
  tuple: (body, scope) =>
    `(${listOf(body, 'expressions')
      .map((e) => expression(e, scope))
      .join(', ')})`,
  subscript,
  extract: (body, scope) => extract(body, scope),
  window_function: windowFunction,
  interval: (body, scope) => intervalSql({ interval: body }, scope),
};

function binary(operator: string, body: JsonObject, scope: Scope): string {
  refuseParts(operator, body, ['left', 'right']);
  const exact = bignumericOperation(operator, body['left'], body['right'], scope);
  if (exact !== undefined) return exact;
  if (operator === '/')
    return `bq_div(${expression(body['left'], scope)}, ${expression(body['right'], scope)})`;
  return `(${expression(body['left'], scope)} ${operator} ${expression(body['right'], scope)})`;
}

function column(body: JsonObject, scope: Scope): string {
  const name = nameOf(body['name']) ?? '';
  const table = nameOf(body['table']);
  if (table === undefined && name.startsWith('@')) return scope.resolver.parameter(name.slice(1));
  if (table?.startsWith('@') === true)
    return `${scope.resolver.parameter(table.slice(1))}.${quoteName(name)}`;
  const path = table === undefined ? [name] : [table, name];
  return path
    .flatMap((part) => part.split('.'))
    .map(quoteName)
    .join('.');
}

function parameter(body: JsonObject, scope: Scope): string {
  const name = nameOf(body);
  if (body['style'] !== 'At' || name === undefined) throw notTranslated(`the variable @@${name ?? ''}`);
  return scope.resolver.parameter(name);
}

function isQuery(value: unknown): boolean {
  return ['select', 'union', 'intersect', 'except', 'subquery'].includes(nodeOf(value).kind);
}

function inList(body: JsonObject, scope: Scope): string {
  refuseParts('IN', body, ['this', 'expressions', 'query', 'unnest', 'not', 'is_field']);
  const value = expression(body['this'], scope);
  const isBig = isKnown(body['this'], 'BIGNUMERIC', scope);
  const list = listOf(body, 'expressions').map((entry) =>
    isBig ? asBignumeric(entry, scope) : expression(entry, scope),
  );
  const queried = childOf(body, 'query');
  const unnested = childOf(body, 'unnest');
  const right =
    queried !== undefined
      ? scope.render.query(queried, scope)
      : unnested !== undefined
        ? `SELECT unnest(${expression(unnested, scope)})`
        : list.join(', ');
  return `(${value} ${body['not'] === true ? 'NOT ' : ''}IN (${right}))`;
}

function like(body: JsonObject, scope: Scope): string {
  refuseParts('LIKE', body, ['left', 'right', 'not']);
  const not = body['not'] === true ? 'NOT ' : '';
  return `(${expression(body['left'], scope)} ${not}LIKE ${expression(body['right'], scope)} ESCAPE '\\')`;
}

function caseWhen(body: JsonObject, scope: Scope): string {
  const operand = childOf(body, 'operand');
  const whens = listOf(body, 'whens').map((entry) => {
    const [condition, result] = entry as readonly unknown[];
    return `WHEN ${expression(condition, scope)} THEN ${expression(result, scope)}`;
  });
  const otherwise = childOf(body, 'else_');
  return `(CASE ${operand === undefined ? '' : expression(operand, scope)} ${whens.join(' ')}${
    otherwise === undefined ? '' : ` ELSE ${expression(otherwise, scope)}`
  } END)`;
}

function cast(body: JsonObject, scope: Scope, keyword: 'CAST' | 'TRY_CAST'): string {
  refuseParts('CAST', body, ['this', 'to']);
  const field = fieldOfType('', childOf(body, 'to') ?? {});
  const value = expression(body['this'], scope);
  if (isKnown(body['this'], 'BIGNUMERIC', scope)) return castBignumeric(value, field, keyword);
  if (field.type === 'STRING' && isKnown(body['this'], 'BYTES', scope))
    return keyword === 'CAST' ? `decode(${value})` : `TRY(decode(${value}))`;
  if (field.type === 'BIGNUMERIC' && field.mode !== 'REPEATED') {
    const text = `CAST(${value} AS VARCHAR)`;
    return keyword === 'CAST' ? `bq_bignumeric(${text})` : `bq_safe_bignumeric(${text})`;
  }
  if (field.type === 'BYTES' && !isKnown(body['this'], 'BYTES', scope)) return `encode(${value})`;
  if (field.type === 'INTEGER' && field.mode !== 'REPEATED') return `${keyword}(${value} AS BIGINT)`;
  return `${keyword}(${value} AS ${duckType(field)})`;
}

function arrayOf(body: JsonObject, scope: Scope): string {
  return `[${listOf(body, 'expressions')
    .map((entry) => expression(entry, scope, 'column'))
    .join(', ')}]`;
}

function structOf(body: JsonObject, scope: Scope): string {
  const entries = listOf(body, 'fields').map((entry) => {
    const [name, value] = entry as readonly unknown[];
    return name === null || name === undefined
      ? value
      : { alias: { this: value, alias: { name: nameOf(name) } } };
  });
  return structFields(entries, scope);
}

function subscript(body: JsonObject, scope: Scope): string {
  refuseParts('[]', body, ['this', 'index']);
  const value = expression(body['this'], scope);
  const { kind, body: index } = nodeOf(body['index']);
  if (isKnown(body['this'], 'JSON', scope) && kind !== 'function' && index['literal_type'] !== 'string')
    return `json_extract(${value}, CAST(${expression(body['index'], scope)} AS BIGINT))`;
  if (kind === 'literal' && index['literal_type'] === 'string')
    return `json_extract(${value}, ${quoteText(`$."${String(index['value'])}"`)})`;
  if (kind !== 'function') return `bq_at(${value}, ${expression(body['index'], scope)})`;
  const position = expression(listOf(index, 'args')[0], scope);
  const place: Readonly<Record<string, string>> = {
    OFFSET: `bq_at(${value}, ${position})`,
    ORDINAL: `bq_at(${value}, (${position}) - 1)`,
    SAFE_OFFSET: `bq_safe_at(${value}, ${position})`,
    SAFE_ORDINAL: `bq_safe_at(${value}, (${position}) - 1)`,
  };
  const sql = place[String(index['name']).toUpperCase()];
  return sql ?? `bq_at(${value}, ${expression(body['index'], scope)})`;
}

function extract(body: JsonObject, scope: Scope): string {
  refuseParts('EXTRACT', body, ['this', 'field']);
  const field = isJsonObject(body['field']) ? String(Object.values(body['field'])[0]) : String(body['field']);
  const part = field.toUpperCase();
  const value = expression(body['this'], scope);
  const parts: Readonly<Record<string, string>> = {
    DAYOFWEEK: `(dayofweek(${value}) + 1)`,
    DAYOFYEAR: `dayofyear(${value})`,
    ISOWEEK: `weekofyear(${value})`,
    ISOYEAR: `isoyear(${value})`,
    MILLISECOND: `(millisecond(${value}) % 1000)`,
    MICROSECOND: `(microsecond(${value}) % 1000000)`,
    DATE: `CAST(${value} AS DATE)`,
    TIME: `CAST(${value} AS TIME)`,
  };
  if (['YEAR', 'QUARTER', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'].includes(part))
    return `extract(${part} FROM ${value})`;
  const sql = parts[part];
  if (sql === undefined) throw notTranslated(`EXTRACT(${part})`);
  return sql;
}

function windowFunction(body: JsonObject, scope: Scope): string {
  refuseParts('OVER', body, ['this', 'over']);
  return `${expression(body['this'], scope)} OVER (${windowSpec(childOf(body, 'over') ?? {}, scope)})`;
}
