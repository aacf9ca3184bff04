import type { Field } from '../../rules/field-schema.js';
import type { JsonObject } from '../../rules/json.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { expression } from './expression.js';
import { outputFields, outputOf } from './infer-columns.js';
import type { Scope } from './scope.js';
import { fromClause } from './from.js';
import { childOf, listOf, nameOf, nodeOf, notTranslated, refuseParts } from './sql-tree.js';
import { orderItem, windowSpec } from './windows.js';

/** DuckDB SQL of a query: SELECT, set operation, or one in parentheses. */
export function query(value: unknown, scope: Scope): string {
  const { kind, body } = nodeOf(value);
  switch (kind) {
    case 'select':
      return select(body, scope);
    case 'union':
      return setOperation('UNION', body, scope);
    case 'intersect':
      return setOperation('INTERSECT', body, scope);
    case 'except':
      return setOperation('EXCEPT', body, scope);
    case 'subquery':
      return subquery(body, scope);
    case 'paren':
      return `(${query(body['this'], scope)})`;
    default:
      throw notTranslated(`${kind} as a query`);
  }
}

function subquery(body: JsonObject, outer: Scope): string {
  refuseParts('subquery', body, ['this', 'order_by', 'limit', 'offset', 'with', 'alias', 'modifiers_inside']);
  const { prefix, scope } = withClause(body, outer);
  return `${prefix}(${query(body['this'], scope)})${tail(body, scope)}`;
}

function setOperation(operator: string, body: JsonObject, outer: Scope): string {
  refuseParts(operator, body, ['left', 'right', 'all', 'distinct', 'with', 'order_by', 'limit', 'offset']);
  const { prefix, scope } = withClause(body, outer);
  const all = body['all'] === true ? ' ALL' : '';
  return `${prefix}${query(body['left'], scope)} ${operator}${all} ${query(body['right'], scope)}${tail(body, scope)}`;
}

function select(body: JsonObject, outer: Scope): string {
  refuseParts('SELECT', body, SELECT_PARTS);
  const { prefix, scope: withScope } = withClause(body, outer);
  const from = fromClause(body, withScope);
  const { scope } = from;
  const columns = listOf(body, 'expressions').map((column) => selectItem(column, scope));
  scope.outputs.set(body, outputFields(listOf(body, 'expressions'), scope));
  const parts = [
    `${prefix}SELECT ${body['distinct'] === true ? 'DISTINCT ' : ''}${columns.join(', ')}`,
    from.sql === '' ? '' : `FROM ${from.sql}`,
    condition('WHERE', body, 'where_clause', scope),
    groupBy(body, scope),
    condition('HAVING', body, 'having', scope),
    condition('QUALIFY', body, 'qualify', scope),
    windows(body, scope),
  ];
  return parts.filter((part) => part !== '').join(' ') + tail(body, scope);
}

const SELECT_PARTS = [
  'expressions',
  'from',
  'joins',
  'where_clause',
  'group_by',
  'having',
  'qualify',
  'windows',
  'order_by',
  'limit',
  'offset',
  'with',
  'distinct',
  'kind',
];

function withClause(body: JsonObject, outer: Scope): { prefix: string; scope: Scope } {
  const clause = childOf(body, 'with');
  if (clause === undefined) return { prefix: '', scope: outer };
  let scope = outer;
  const recursive = clause['recursive'] === true;
  const parts = listOf(clause, 'ctes').map((entry) => {
    const cte = entry as JsonObject;
    const name = nameOf(cte['alias']) ?? '';
    const named = (fields: readonly Field[]): Scope => ({
      ...scope,
      ctes: new Map([...scope.ctes, [name.toLowerCase(), fields]]),
    });
    const sql = `${quoteName(name)} AS (${query(cte['this'], recursive ? named([]) : scope)})`;
    scope = named(outputOf(cte['this'], scope));
    return sql;
  });
  return { prefix: `WITH ${recursive ? 'RECURSIVE ' : ''}${parts.join(', ')} `, scope };
}

function selectItem(value: unknown, scope: Scope): string {
  const { kind, body } = nodeOf(value);
  if (kind === 'star') return star(body, scope);
  if (kind !== 'alias') return expression(value, scope, 'column');
  return `${expression(body['this'], scope, 'column')} AS ${quoteName(nameOf(body['alias']) ?? '')}`;
}

function star(body: JsonObject, scope: Scope): string {
  refuseParts('*', body, ['table', 'except', 'replace']);
  const table = nameOf(body['table']);
  const except = listOf(body, 'except').map((name) => quoteName(nameOf(name) ?? ''));
  const replace = listOf(body, 'replace').map((entry) => {
    const { this: value, alias } = entry as JsonObject;
    return `${expression(value, scope, 'column')} AS ${quoteName(nameOf(alias) ?? '')}`;
  });
  return [
    table === undefined ? '*' : `${quoteName(table)}.*`,
    except.length === 0 ? '' : `EXCLUDE (${except.join(', ')})`,
    replace.length === 0 ? '' : `REPLACE (${replace.join(', ')})`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function condition(keyword: string, body: JsonObject, key: string, scope: Scope): string {
  const clause = childOf(body, key);
  return clause === undefined ? '' : `${keyword} ${expression(clause['this'], scope)}`;
}

function groupBy(body: JsonObject, scope: Scope): string {
  const clause = childOf(body, 'group_by');
  if (clause === undefined) return '';
  refuseParts('GROUP BY', clause, ['expressions', 'all']);
  if (clause['all'] === true) return 'GROUP BY ALL';
  return `GROUP BY ${listOf(clause, 'expressions')
    .map((entry) => expression(entry, scope))
    .join(', ')}`;
}

function windows(body: JsonObject, scope: Scope): string {
  const named = listOf(body, 'windows').map((entry) => {
    const { name, spec } = entry as JsonObject;
    return `${quoteName(nameOf(name) ?? '')} AS (${windowSpec((spec ?? {}) as JsonObject, scope)})`;
  });
  return named.length === 0 ? '' : `WINDOW ${named.join(', ')}`;
}

function tail(body: JsonObject, scope: Scope): string {
  const order = childOf(body, 'order_by');
  const limit = childOf(body, 'limit');
  const offset = childOf(body, 'offset');
  const parts = [
    order === undefined
      ? ''
      : ` ORDER BY ${listOf(order, 'expressions')
          .map((e) => orderItem(e, scope))
          .join(', ')}`,
    limit === undefined ? '' : ` LIMIT ${expression('this' in limit ? limit['this'] : limit, scope)}`,
    offset === undefined ? '' : ` OFFSET ${expression('this' in offset ? offset['this'] : offset, scope)}`,
  ];
  return parts.join('');
}
