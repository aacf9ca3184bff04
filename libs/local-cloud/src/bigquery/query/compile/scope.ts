import { invalidQuery } from '../../rules/api-error.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { placeOf } from '../syntax/tokens.js';
import type { Expression, Query, WindowSpec } from '../syntax/tree.js';
import { structColumns } from './access.js';
import { structValue } from './coerce.js';
import type { Resolver } from './resolver.js';
import type { Type } from './types.js';
import type { Value } from './value.js';

/** A column that a source of FROM offers; without a name it is only part of `*`. */
export interface Column {
  readonly name: string | undefined;
  readonly value: Value;
  /** True for a column that USING made one with another: it answers to its qualified name only. */
  readonly isMerged?: boolean;
}

/** One entry of FROM. */
export interface Source {
  readonly alias: string | undefined;
  readonly columns: readonly Column[];
  /** Columns that only answer to their names, not part of `*`. */
  readonly hidden?: readonly Column[];
  /** The row as one value, where the source gives values (UNNEST, SELECT AS VALUE). */
  readonly row?: Value;
}

/** A WITH table or a subquery: DuckDB's name for it, and the columns it gives as `c0`, `c1` …. */
export interface Relation {
  readonly sql: string;
  readonly columns: readonly {
    readonly name: string | undefined;
    readonly type: Type;
    /** True for a NULL without a type of its own. */
    readonly isNull?: boolean;
  }[];
  /** True if each row is one value: SELECT AS STRUCT, SELECT AS VALUE. */
  readonly isValue: boolean;
  /** The values of rows that come from no table. */
  readonly rows?: readonly (readonly Value[])[];
}

/** A function of the statement's own: CREATE TEMP FUNCTION, or one that a dataset keeps. */
export interface SqlFunction {
  readonly parameters: readonly { readonly name: string; readonly type: Type | undefined }[];
  readonly body: Expression;
  readonly returns: Type | undefined;
}

/** The part of a scope that is the same in a whole statement. */
export interface Environment {
  readonly resolver: Resolver;
  readonly sql: string;
  readonly functions: ReadonlyMap<string, SqlFunction>;
  /** Names of columns that the statement filters by, for tables that ask for a filter. */
  readonly filters: ReadonlySet<string>;
  /** Numbers for the aliases that the translation gives. */
  readonly next: { alias: number };
  /** The two directions of the translation, handed down so that its files do not import each other in circles. */
  readonly render: {
    readonly expression: (node: Expression, scope: Scope) => Value;
    readonly query: (tree: Query, scope: Scope) => Relation;
  };
}

/** Names that a part of a statement sees. */
export interface Scope {
  readonly environment: Environment;
  readonly outer: Scope | undefined;
  readonly sources: readonly Source[];
  readonly ctes: ReadonlyMap<string, Relation>;
  /** Parameters of functions, variables of scripts and lambdas, select aliases, by lower-case name. */
  readonly names: ReadonlyMap<string, Value>;
  readonly windows: ReadonlyMap<string, WindowSpec>;
  /** Conditions that every row of this FROM meets, for tables whose partitions they leave out. */
  readonly conjuncts?: readonly Expression[];
  /** The scope of arguments of aggregates, where aliases of the SELECT list mean nothing. */
  readonly inAggregates?: Scope;
}

/** DuckDB SQL and type of an expression. */
export function compile(node: Expression, scope: Scope): Value {
  return scope.environment.render.expression(node, scope);
}

/** DuckDB SQL and columns of a query. */
export function compileQuery(tree: Query, scope: Scope): Relation {
  return scope.environment.render.query(tree, scope);
}

export function rootScope(environment: Environment, names: ReadonlyMap<string, Value> = new Map()): Scope {
  return { environment, outer: undefined, sources: [], ctes: new Map(), names, windows: new Map() };
}

/** A scope inside another: a subquery sees all that is around it. */
export function innerScope(outer: Scope, sources: readonly Source[] = []): Scope {
  const { environment, ctes } = outer;
  return { environment, ctes, outer, sources, names: new Map(), windows: new Map() };
}

export function newAlias(scope: Scope): string {
  const { next } = scope.environment;
  next.alias += 1;
  return `s${next.alias}`;
}

export function isSameName(a: string | undefined, b: string): boolean {
  return a !== undefined && (a === b || a.toLowerCase() === b.toLowerCase());
}

/** Resolves a name; `undefined` if nothing has it. Errors: `Column name … is ambiguous`. */
export function lookUp(name: string, scope: Scope, at: number): Value | undefined {
  for (let place: Scope | undefined = scope; place !== undefined; place = place.outer) {
    const found = inSources(name, place, at) ?? place.names.get(name.toLowerCase()) ?? rowNamed(name, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inSources(name: string, scope: Scope, at: number): Value | undefined {
  const found = scope.sources.flatMap((source) =>
    columnsNamed(name, source).filter((column) => column.isMerged !== true),
  );
  if (found.length > 1)
    throw invalidQuery(`Column name ${name} is ambiguous ${placeOf(scope.environment.sql, at)}`);
  const [column] = found;
  return column === undefined ? undefined : { ...column.value, name: column.name ?? name };
}

const COLUMNS_BY_NAME = new WeakMap<Source, ReadonlyMap<string | undefined, readonly Column[]>>();

/** Columns of a source with that name. A query may name each of 10,000 columns, so that each source has an index. */
export function columnsNamed(name: string, source: Source): readonly Column[] {
  let byName = COLUMNS_BY_NAME.get(source);
  if (byName === undefined) {
    byName = Map.groupBy([...source.columns, ...(source.hidden ?? [])], (column) =>
      column.name?.toLowerCase(),
    );
    COLUMNS_BY_NAME.set(source, byName);
  }
  return byName.get(name.toLowerCase()) ?? [];
}

/** The source with that alias, here or further out. */
export function sourceNamed(alias: string, scope: Scope): Source | undefined {
  for (let place: Scope | undefined = scope; place !== undefined; place = place.outer) {
    const found = place.sources.find((source) => isSameName(source.alias, alias));
    if (found !== undefined) return found;
  }
  return undefined;
}

function rowNamed(name: string, scope: Scope): Value | undefined {
  const source = scope.sources.find((candidate) => isSameName(candidate.alias, name));
  return source === undefined ? undefined : { ...rowOf(source), name };
}

/** A source's row as one value: the element of an array, or a STRUCT of all columns. */
export function rowOf(source: Source): Value {
  if (source.row !== undefined) return source.row;
  const fields = source.columns.map(({ name, value }) => ({ name, type: value.type }));
  const { sql, type } = structValue(
    source.columns.map((column) => column.value),
    { kind: 'STRUCT', fields },
  );
  return { sql, type };
}

/** A source over a relation under a new alias: its columns are `alias.c0` …. */
export function sourceOf(relation: Relation, alias: string | undefined, duckAlias: string): Source {
  const columns = relation.columns.map(({ name, type }, index) => ({
    name,
    value: { sql: `${duckAlias}.${quoteName(`c${index}`)}`, type },
  }));
  const [only] = columns;
  if (!relation.isValue || only === undefined) return { alias, columns };
  return valueSource(only.value, alias);
}

/** A source whose rows are single values; the fields of a STRUCT are columns too. */
export function valueSource(row: Value, alias: string | undefined): Source {
  if (row.type.kind === 'STRUCT') {
    const columns = structColumns(row);
    return { alias, columns, row };
  }
  return { alias, columns: [{ name: alias, value: row }], row };
}
