import type { Field } from '../../rules/field-schema.js';
import type { RoutineEntry } from '../../warehouse/catalog.js';
import type { RequiredFilter } from './partition-filter.js';
import type { Partitioning } from './partition-pruning.js';
import type { QueryParameter } from '../query-parameters.js';
import type { Query } from '../syntax/tree.js';
import type { StatementResolver } from '../statement-resolver.js';

/** A table of the catalog as FROM reads it. */
export type Table =
  | {
      readonly kind: 'rows';
      /** DuckDB SQL to write after FROM. */
      readonly sql: string;
      readonly fields: readonly Field[];
      /** The partition column that a query must filter by, with the name of the table. */
      readonly requiredFilter?: RequiredFilter;
      readonly partitioning?: Partitioning | undefined;
      /** Notes that the statement reads only the rows that meet a condition, DuckDB SQL over the table's columns. */
      readonly prune?: (condition: string) => void;
      /** True if the rows have pseudo-columns of their partition. */
      readonly hasIngestionTime?: boolean;
    }
  | {
      readonly kind: 'view';
      readonly query: Query;
      readonly sql: string;
      readonly resolver: StatementResolver;
    };

/** A function that a dataset keeps; names of its body resolve by its own resolver. */
export interface Routine {
  readonly entry: RoutineEntry;
  readonly resolver: StatementResolver;
}

/** Gives the meaning of a statement's table names and parameters. */
export interface Resolver {
  /** The table for a dotted path, or 404. */
  table(path: readonly string[]): Table;
  /** The table for a dotted path as of a time, DuckDB SQL of a TIMESTAMP. */
  readAsOf(path: readonly string[], time: string): Table;
  /** The function that a dataset keeps under a dotted path; `undefined` if there is none. */
  routine(path: readonly string[]): Routine | undefined;
  /** Tables whose names begin with the prefix of a path that ends in `*`, with the rest of their names. */
  wildcard(path: readonly string[]): readonly { readonly suffix: string; readonly table: Table }[];
  /** DuckDB SQL and type of a query parameter, by name or, without one, the next positional. */
  parameter(name: string | undefined): { readonly sql: string; readonly parameter: QueryParameter };
  systemVariable(name: string): string | undefined;
  /** The time that all CURRENT_* functions of the statement give, in microseconds. */
  readonly nowMicros: bigint;
}
