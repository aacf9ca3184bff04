import { invalidQuery } from '../../rules/api-error.js';
import { fieldNamed } from '../../rules/field-places.js';
import { quoteName, quoteText } from '../../warehouse/duckdb-types.js';
import { placeOf } from '../syntax/tokens.js';
import type { Expression, FromItem } from '../syntax/tree.js';
import { coerce, mustCoerce, supertype } from './coerce.js';
import { compare } from './operators.js';
import { filterNames } from './names.js';
import { checkFilter } from './partition-filter.js';
import { partitionColumns } from './partition-columns.js';
import { conjuncts, partitionCondition } from './partition-pruning.js';
import { pivot, unpivot } from './pivot.js';
import type { Table } from './resolver.js';
import {
  type Column,
  compile,
  compileQuery,
  innerScope,
  isSameName,
  lookUp,
  newAlias,
  rootScope,
  type Scope,
  type Source,
  sourceNamed,
  sourceOf,
  valueSource,
} from './scope.js';
import { tableFunction } from './user-functions.js';
import { BOOL, duckTypeOf, INT64, isSameType, STRING, TIMESTAMP, typeOfField, typeText } from './types.js';
import { type Value, value } from './value.js';

/** DuckDB SQL of FROM, and the sources that the rest of the SELECT sees. */
export interface From {
  readonly sql: string;
  readonly sources: readonly Source[];
}

/** `scope` has the sources to the left, which paths and UNNEST may refer to. */
export function compileFrom(item: FromItem, scope: Scope): From {
  switch (item.kind) {
    case 'table':
      return table(item, scope);
    case 'query': {
      const relation = compileQuery(item.query, innerScope({ ...scope, sources: [] }));
      const alias = newAlias(scope);
      return { sql: `(${relation.sql}) AS ${alias}`, sources: [sourceOf(relation, item.alias, alias)] };
    }
    case 'unnest':
      return unnest(compile(item.array, scope), item.alias, item.offset, scope);
    case 'join':
      return join(item, scope);
    case 'pivot':
      return pivot(item, compileFrom(item.of, { ...scope, conjuncts: [] }), scope);
    case 'unpivot':
      return unpivot(item, compileFrom(item.of, { ...scope, conjuncts: [] }), scope);
    case 'function': {
      const relation = tableFunction(item, scope);
      if (relation === undefined)
        throw invalidQuery(
          `Table-valued function not found: ${item.path.join('.')} ${placeOf(scope.environment.sql, item.at)}`,
        );
      const alias = newAlias(scope);
      return {
        sql: `(${relation.sql}) AS ${alias}`,
        sources: [sourceOf(relation, item.alias ?? item.path.at(-1), alias)],
      };
    }
  }
}

/** The elements of an array as rows: `alias` is the element, `offset` its position from 0. */
function unnest(of: Value, alias: string | undefined, offset: string | undefined, scope: Scope): From {
  if (of.type.kind !== 'ARRAY')
    throw invalidQuery(
      `Values referenced in UNNEST must be arrays. UNNEST contains expression of type ${typeText(of.type)}`,
    );
  const duckAlias = newAlias(scope);
  const position = offset === undefined ? '' : `, unnest(range(len(${of.sql}))) AS "c1"`;
  const row = { sql: `${duckAlias}."c0"`, type: of.type.element };
  const source = valueSource(row, alias);
  const column: Column = { name: offset, value: { sql: `${duckAlias}."c1"`, type: INT64 } };
  return {
    sql: `LATERAL (SELECT unnest(${of.sql}) AS "c0"${position}) AS ${duckAlias}`,
    sources: offset === undefined ? [source] : [source, { alias: undefined, columns: [column] }],
  };
}

function table(item: Extract<FromItem, { kind: 'table' }>, scope: Scope): From {
  const { path, alias, offset } = item;
  const [first = ''] = path;
  const cte = path.length === 1 ? scope.ctes.get(first.toLowerCase()) : undefined;
  if (cte !== undefined) {
    const duckAlias = newAlias(scope);
    return { sql: `(${cte.sql}) AS ${duckAlias}`, sources: [sourceOf(cte, alias ?? first, duckAlias)] };
  }
  if (path.length > 1 && sourceNamed(first, scope) !== undefined)
    return unnest(pathValue(item, scope), alias ?? path.at(-1), offset, scope);
  if (offset !== undefined)
    throw invalidQuery(`WITH OFFSET is only for arrays, not for the table ${path.join('.')}`);
  if (item.asOf !== undefined) {
    const of = compile(item.asOf, rootScope(scope.environment, scope.names));
    const time = mustCoerce(
      of,
      TIMESTAMP,
      () => `FOR SYSTEM_TIME AS OF needs a TIMESTAMP, but has ${typeText(of.type)}`,
    );
    return stored(scope.environment.resolver.readAsOf(path, time.sql), alias ?? path.at(-1), scope);
  }
  if (path.at(-1)?.endsWith('*') === true) return wildcard(path, alias, scope);
  return stored(scope.environment.resolver.table(path), alias ?? path.at(-1), scope);
}

function pathValue(item: Extract<FromItem, { kind: 'table' }>, scope: Scope): Value {
  const [first = '', ...rest] = item.path;
  const tree = rest.reduce<Expression>((of, name) => ({ kind: 'field', of, name, at: item.at }), {
    kind: 'name',
    name: first,
    at: item.at,
  });
  return compile(tree, scope);
}

function stored(entry: Table, alias: string | undefined, scope: Scope): From {
  const duckAlias = newAlias(scope);
  if (entry.kind === 'view') {
    const environment = {
      ...scope.environment,
      resolver: entry.resolver,
      sql: entry.sql,
      functions: new Map<string, never>(),
      filters: new Set([...scope.environment.filters, ...filterNames(entry.query)]),
    };
    const relation = compileQuery(entry.query, rootScope(environment));
    return { sql: `(${relation.sql}) AS ${duckAlias}`, sources: [sourceOf(relation, alias, duckAlias)] };
  }
  checkFilter(entry.requiredFilter, scope.environment);
  const partitions = partitionCondition(entry.partitioning, alias, scope.conjuncts ?? [], scope);
  if (partitions !== undefined) entry.prune?.(partitions);
  const columns = entry.fields.map((field) => ({
    name: field.name,
    value: { sql: `${duckAlias}.${quoteName(field.name)}`, type: typeOfField(field) },
  }));
  const hidden = partitionColumns(entry, duckAlias);
  return { sql: `${entry.sql} AS ${duckAlias}`, sources: [{ alias, columns, hidden }] };
}

// The columns are those of the newest table; the others give NULL for what they have not.
function wildcard(path: readonly string[], alias: string | undefined, scope: Scope): From {
  const matches = scope.environment.resolver.wildcard(path);
  const newest = matches.at(-1)?.table;
  if (newest?.kind !== 'rows') throw invalidQuery(`${path.join('.')} does not match any table.`);
  const selects = matches.map(({ suffix, table: entry }) => {
    if (entry.kind !== 'rows') throw invalidQuery('Views cannot be queried through prefix.');
    const values = newest.fields.map((field) => {
      const own = fieldNamed(entry.fields, field.name);
      const type = typeOfField(field);
      if (own === undefined) return `CAST(NULL AS ${duckTypeOf(type)}) AS ${quoteName(field.name)}`;
      const from = value(quoteName(own.name), typeOfField(own));
      const converted = isSameType(from.type, type) ? from : coerce(from, type);
      if (converted === undefined)
        throw invalidQuery(
          `Cannot read field '${field.name}' of type ${typeText(from.type)} as ${typeText(type)}`,
        );
      return `${converted.sql} AS ${quoteName(field.name)}`;
    });
    return `SELECT ${values.join(', ')}, ${quoteText(suffix)} AS "_TABLE_SUFFIX" FROM ${entry.sql}`;
  });
  const duckAlias = newAlias(scope);
  const columns = newest.fields.map((field) => ({
    name: field.name,
    value: { sql: `${duckAlias}.${quoteName(field.name)}`, type: typeOfField(field) },
  }));
  const hidden = [{ name: '_TABLE_SUFFIX', value: { sql: `${duckAlias}."_TABLE_SUFFIX"`, type: STRING } }];
  return { sql: `(${selects.join(' UNION ALL ')}) AS ${duckAlias}`, sources: [{ alias, columns, hidden }] };
}

const KEYWORDS = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  RIGHT: 'RIGHT JOIN',
  FULL: 'FULL JOIN',
  CROSS: 'CROSS JOIN',
};

function join(item: Extract<FromItem, { kind: 'join' }>, scope: Scope): From {
  const both = [...(scope.conjuncts ?? []), ...conjuncts(item.on)];
  const of = (isLimited: boolean): Scope => (isLimited ? { ...scope, conjuncts: both } : scope);
  const left = compileFrom(item.left, of(item.type === 'INNER' || item.type === 'RIGHT'));
  const beside: Scope = {
    ...of(item.type === 'INNER' || item.type === 'LEFT'),
    sources: [...scope.sources, ...left.sources],
  };
  const right = compileFrom(item.right, beside);
  const rightSql = item.right.kind === 'join' ? `(${right.sql})` : right.sql;
  checkAliases(left.sources, right.sources);
  const sources = [...left.sources, ...right.sources];
  const keyword = KEYWORDS[item.type];
  if (item.using.length > 0) return joinUsing(item, { left, right, rightSql }, scope);
  if (item.on === undefined) {
    const isCross = item.type === 'CROSS' || item.type === 'INNER';
    return {
      sql: `${left.sql} ${isCross ? 'CROSS JOIN' : keyword} ${rightSql}${isCross ? '' : ' ON TRUE'}`,
      sources,
    };
  }
  const test = compile(item.on, { ...scope, sources: [...scope.sources, ...sources] });
  const on = mustCoerce(
    test,
    BOOL,
    () => `JOIN ON clause should return type BOOL, but returns ${typeText(test.type)}`,
  );
  return { sql: `${left.sql} ${keyword} ${rightSql} ON ${on.sql}`, sources };
}

function checkAliases(left: readonly Source[], right: readonly Source[]): void {
  for (const { alias } of right)
    if (alias !== undefined && left.some((source) => isSameName(source.alias, alias)))
      throw invalidQuery(`Duplicate table alias ${alias} in the same FROM clause`);
}

// A column of USING is one column: of the side that always has it, or of whichever has it in FULL JOIN.
function joinUsing(
  item: Extract<FromItem, { kind: 'join' }>,
  parts: { readonly left: From; readonly right: From; readonly rightSql: string },
  scope: Scope,
): From {
  const { left, right, rightSql } = parts;
  const sided = (sources: readonly Source[], name: string): Value => {
    const found = lookUp(
      name,
      {
        ...innerScope({ ...scope, outer: undefined, sources: [], names: new Map() }),
        outer: undefined,
        sources,
      },
      0,
    );
    if (found === undefined)
      throw invalidQuery(`Column ${name} in USING clause not found on one side of the join`);
    return found;
  };
  const conditions: string[] = [];
  const merged = item.using.map((name): Column => {
    const [a, b] = [sided(left.sources, name), sided(right.sources, name)];
    conditions.push(compare('=', a, b).sql);
    const type = supertype([a, b]) ?? a.type;
    const [c, d] = [coerce(a, type)?.sql ?? a.sql, coerce(b, type)?.sql ?? b.sql];
    const sql = item.type === 'FULL' ? `coalesce(${c}, ${d})` : item.type === 'RIGHT' ? d : c;
    return { name: a.name ?? name, value: { sql, type } };
  });
  const hide = (source: Source): Source => ({
    ...source,
    columns: source.columns.map((column) =>
      item.using.some((name) => isSameName(column.name, name)) ? { ...column, isMerged: true } : column,
    ),
  });
  return {
    sql: `${left.sql} ${KEYWORDS[item.type]} ${rightSql} ON ${conditions.join(' AND ')}`,
    sources: [{ alias: undefined, columns: merged }, ...[...left.sources, ...right.sources].map(hide)],
  };
}
