import { invalidQuery } from '../../rules/api-error.js';
import type { Environment } from './scope.js';

/** The partition columns that a statement must filter by, any of them, with the name of their table. */
export interface RequiredFilter {
  readonly columns: readonly string[];
  readonly table: string;
}

/**
 * Throws unless the statement filters by the partition column of a table that asks for it.
 *
 * Source: cloud.google.com/bigquery/docs/querying-partitioned-tables#require-filter, from memory on 2026-11-29.
 */
export function checkFilter(
  required: RequiredFilter | undefined,
  { filters }: Pick<Environment, 'filters'>,
): void {
  if (required === undefined || required.columns.some((column) => filters.has(column.toLowerCase()))) return;
  throw invalidQuery(
    `Cannot query over table '${required.table}' without a filter over column(s) ${required.columns.map((column) => `'${column}'`).join(', ')} that can be used for partition elimination`,
  );
}
