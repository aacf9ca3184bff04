import type { TableEntry } from '../../warehouse/catalog.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { physicalName } from '../../warehouse/physical-tables.js';
import { partitionColumns } from '../compile/partition-columns.js';
import { newAlias, type Scope, type Source } from '../compile/scope.js';
import { typeOfField } from '../compile/types.js';

/** DuckDB SQL of a change, a query that finds what forbids it, and what its rows count as. */
export interface DmlPlan {
  readonly change: string;
  /** Gives rows if a target row matches several source rows. */
  readonly check: string | undefined;
  readonly counts: 'inserted' | 'updated' | 'deleted' | MergeCounts;
}

/**
 * Splits the number of rows that MERGE changed, with the number of rows that the table has afterwards.
 * `inserts` counts the rows to insert beforehand, which only a MERGE that does all three needs.
 */
export interface MergeCounts {
  readonly kinds: ReadonlySet<'INSERT' | 'UPDATE' | 'DELETE'>;
  readonly inserts: string;
}

/** The table that a statement changes. */
export interface Target {
  readonly entry: TableEntry;
  /** DuckDB's alias of it. */
  readonly alias: string;
  readonly sql: string;
  readonly source: Source;
}

export function targetOf(entry: TableEntry, alias: string | undefined, scope: Scope): Target {
  const duckAlias = newAlias(scope);
  const columns = entry.fields.map((field) => ({
    name: field.name,
    value: { sql: `${duckAlias}.${quoteName(field.name)}`, type: typeOfField(field) },
  }));
  return {
    entry,
    alias: duckAlias,
    sql: `${physicalName(entry.physical)} AS ${duckAlias}`,
    source: { alias: alias ?? entry.name.tableId, columns, hidden: partitionColumns(entry, duckAlias) },
  };
}

/** A query that gives a row if one row of the target comes more than once in `from`. */
export function several(target: Target, from: string): string {
  return `SELECT 1 FROM ${from} GROUP BY ${target.alias}.rowid HAVING count(*) > 1 LIMIT 1`;
}
