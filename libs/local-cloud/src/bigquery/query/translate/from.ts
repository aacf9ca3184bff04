import type { Field } from '../../rules/field-schema.js';
import type { JsonObject } from '../../rules/json.js';
import { invalidQuery } from '../../rules/api-error.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { expression } from './expression.js';
import { outputOf } from './infer-columns.js';
import { inferField } from './infer-type.js';
import type { Scope } from './scope.js';
import { childOf, listOf, nameOf, nodeOf, notTranslated, refuseParts } from './sql-tree.js';

interface Source {
  readonly sql: string;
  readonly alias: string | undefined;
  readonly fields: readonly Field[];
  readonly lateral: boolean;
}

/** DuckDB SQL of FROM with its joins (empty without one), and the scope that the rest of the SELECT has. */
export function fromClause(body: JsonObject, outer: Scope): { readonly sql: string; readonly scope: Scope } {
  const sources = new Map<string, readonly Field[]>();
  const scope: Scope = { ...outer, sources, outer };
  const enter = (source: Source): Source => {
    // Columns of a source without alias are found by their names alone.
    sources.set(source.alias?.toLowerCase() ?? `#${sources.size}`, source.fields);
    return source;
  };
  const first = listOf(childOf(body, 'from') ?? {}, 'expressions').map(
    (entry) => enter(source(entry, scope)).sql,
  );
  const joins = listOf(body, 'joins').map((entry) => join(entry as JsonObject, scope, enter));
  return { sql: first.join(', ') + joins.join(''), scope };
}

const JOINS: Readonly<Record<string, string>> = {
  Inner: 'JOIN',
  Cross: 'CROSS JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Outer: 'FULL JOIN',
};

function join(body: JsonObject, scope: Scope, enter: (source: Source) => Source): string {
  refuseParts('JOIN', body, ['this', 'on', 'using', 'kind', 'use_inner_keyword', 'use_outer_keyword']);
  const kind = String(body['kind']);
  const joined = enter(source(body['this'], scope));
  if (kind === 'Implicit') return `, ${joined.sql}`;
  const keyword = JOINS[kind];
  if (keyword === undefined) throw notTranslated(`${kind} JOIN`);
  const using = listOf(body, 'using').map((name) => quoteName(nameOf(name) ?? ''));
  const on = childOf(body, 'on');
  if (using.length > 0) return ` ${keyword} ${joined.sql} USING (${using.join(', ')})`;
  if (on !== undefined) return ` ${keyword} ${joined.sql} ON ${expression(on, scope)}`;
  if (joined.lateral && kind === 'Left') return ` LEFT JOIN ${joined.sql} ON TRUE`;
  return kind === 'Cross' || kind === 'Inner' ? ` CROSS JOIN ${joined.sql}` : ` ${keyword} ${joined.sql}`;
}

function source(value: unknown, scope: Scope, alias?: string): Source {
  const { kind, body } = nodeOf(value);
  switch (kind) {
    case 'table':
      return table(body, scope, alias);
    case 'alias':
      return source(body['this'], scope, nameOf(body['alias']));
    case 'subquery': {
      refuseParts('subquery', body, [
        'this',
        'alias',
        'order_by',
        'limit',
        'offset',
        'with',
        'modifiers_inside',
      ]);
      const name = alias ?? nameOf(body['alias']);
      const inner = scope.render.query(
        { subquery: { ...body, alias: null } },
        { ...scope, sources: new Map() },
      );
      return {
        sql: `(${inner})${asAlias(name)}`,
        alias: name,
        fields: outputOf(body['this'], scope),
        lateral: false,
      };
    }
    case 'unnest':
      return unnest(body, scope, alias);
    case 'paren':
      return { sql: `(${source(body['this'], scope).sql})`, alias, fields: [], lateral: false };
    case 'column':
    case 'dot':
      return element({
        sql: expression(value, scope),
        field: inferField(value, scope),
        alias: alias ?? nameOf(body['name']) ?? nameOf(body['field']),
      });
    default:
      throw notTranslated(`${kind} in FROM`);
  }
}

function asAlias(name: string | undefined): string {
  return name === undefined ? '' : ` AS ${quoteName(name)}`;
}

function table(body: JsonObject, scope: Scope, outerAlias: string | undefined): Source {
  refuseParts('table', body, ['schema', 'catalog', 'alias']);
  const names = [body['catalog'], body['schema'], body['name']]
    .map(nameOf)
    .filter((name) => name !== undefined);
  const parts = names.flatMap((name) => name.split('.'));
  // The parser names a quoted path after itself; such an alias is none.
  const given = nameOf(body['alias']);
  const alias = outerAlias ?? (given?.includes('.') === true ? undefined : given);
  const last = parts.at(-1) ?? '';
  const infoAt = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
  if (infoAt >= 0) {
    const sql = scope.resolver.informationSchema(parts.slice(0, infoAt), parts.slice(infoAt + 1).join('.'));
    return {
      sql: `${sql} AS ${quoteName(alias ?? last)}`,
      alias: alias ?? last,
      fields: [],
      lateral: false,
    };
  }
  const cte = parts.length === 1 ? scope.ctes.get(last.toLowerCase()) : undefined;
  if (cte !== undefined)
    return { sql: `${quoteName(last)}${asAlias(alias)}`, alias: alias ?? last, fields: cte, lateral: false };
  const first = parts[0] ?? '';
  if (parts.length > 1 && isSource(scope, first)) return elementsAt(parts, alias ?? last, scope);
  const entry = scope.resolver.table(parts);
  const name = alias ?? last;
  if (entry.kind === 'VIEW')
    return {
      sql: `(${scope.resolver.view(entry)}) AS ${quoteName(name)}`,
      alias: name,
      fields: entry.fields,
      lateral: false,
    };
  if (entry.fields.length === 0) throw invalidQuery(`Table ${parts.join('.')} does not have a schema.`);
  return {
    sql: `${scope.resolver.rows(entry)} AS ${quoteName(name)}`,
    alias: name,
    fields: entry.fields,
    lateral: false,
  };
}

function isSource(scope: Scope, name: string): boolean {
  return scope.sources.has(name.toLowerCase()) || (scope.outer !== undefined && isSource(scope.outer, name));
}

function unnest(body: JsonObject, scope: Scope, outerAlias: string | undefined): Source {
  refuseParts('UNNEST', body, ['this', 'alias', 'offset_alias', 'with_ordinality']);
  const alias = outerAlias ?? nameOf(body['alias']);
  const offset = nameOf(body['offset_alias']) ?? (body['with_ordinality'] === true ? 'offset' : undefined);
  const array = body['this'];
  return element({ sql: expression(array, scope), field: inferField(array, scope), alias, offset });
}

// `FROM d.t AS t, t.items`: a path that begins with a table of this FROM is an array in it.
function elementsAt(parts: readonly string[], alias: string, scope: Scope): Source {
  const [first = '', ...rest] = parts.map((name) => ({ name }));
  const tree = rest.reduce<unknown>(
    (above, name, index) =>
      index === 0 ? { column: { name, table: first } } : { dot: { this: above, field: name } },
    { column: { name: first } },
  );
  return element({ sql: parts.map(quoteName).join('.'), field: inferField(tree, scope), alias });
}

interface Elements {
  /** DuckDB SQL of the array. */
  readonly sql: string;
  /** The array's type, where known. */
  readonly field: Field | undefined;
  readonly alias: string | undefined;
  readonly offset?: string | undefined;
}

/** The elements of an array as rows: `alias` is the element, `offset` its position from 0. */
function element({ sql, field, alias, offset }: Elements): Source {
  const position = offset === undefined ? '' : `, unnest(range(len(${sql}))) AS ${quoteName(offset)}`;
  // Without an alias the fields of an array of records are the columns.
  const values =
    alias === undefined ? `unnest(${sql}, max_depth := 2)` : `unnest(${sql}) AS ${quoteName(alias)}`;
  const table = alias === undefined ? '' : ` AS ${quoteName(alias)}`;
  return {
    sql: `LATERAL (SELECT ${values}${position})${table}`,
    alias,
    fields: elementFields(field, alias),
    lateral: true,
  };
}

function elementFields(field: Field | undefined, alias: string | undefined): readonly Field[] {
  if (field?.mode !== 'REPEATED') return [];
  if (field.type === 'RECORD') return field.fields ?? [];
  return alias === undefined ? [] : [{ ...field, name: alias, mode: 'NULLABLE' }];
}
