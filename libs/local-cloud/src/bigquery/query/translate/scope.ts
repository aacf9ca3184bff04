import type { TableEntry } from '../../warehouse/catalog.js';
import type { Field } from '../../rules/field-schema.js';

/** What a statement's table names and parameters mean; the translation asks, and keeps no state of its own. */
export interface Resolver {
  /** The table for a dotted name, or 404. */
  table(parts: readonly string[]): TableEntry;
  /** A table of a dataset's INFORMATION_SCHEMA as DuckDB SQL: `(SELECT …)`. */
  informationSchema(dataset: readonly string[], view: string): string;
  /** DuckDB SQL that reads a table: a name or a subquery. */
  rows(entry: TableEntry): string;
  /** DuckDB SQL of a view's query. */
  view(entry: TableEntry): string;
  /** DuckDB SQL of a query parameter, by name or, without one, the next positional. */
  parameter(name: string | undefined): string;
  /** The time that all CURRENT_* functions of the statement give, in microseconds. */
  readonly nowMicros: bigint;
}

/** The two directions of the translation, handed down so that its files do not import each other in circles. */
export interface Renderer {
  query(value: unknown, scope: Scope): string;
  expression(value: unknown, scope: Scope, place?: Place): string;
}

/** Where an expression stands: as a column of a result, or inside another expression. */
export type Place = 'column' | 'operand';

/** Names that a part of a statement sees. */
export interface Scope {
  readonly render: Renderer;
  readonly resolver: Resolver;
  /** WITH names in lower case, with the columns whose types are known. */
  readonly ctes: ReadonlyMap<string, readonly Field[]>;
  /** Columns of known type that each translated SELECT gives, by its node. */
  readonly outputs: WeakMap<object, readonly Field[]>;
  /** Columns of the tables in FROM, by alias in lower case; those whose types are known. */
  readonly sources: ReadonlyMap<string, readonly Field[]>;
  readonly outer?: Scope;
}
