import { allRows, type Sql } from '@pipeline/google-clients';
import type { OverflowGroup } from './overflow.js';
import { textOf } from './sql-row.js';

/**
 * The groups without those whose change a person rejected: their values stay in `_overflow` and need no decision.
 *
 * Reads the decisions in `_schema_history`, and nothing if no group awaits an approval. Of several decisions the newest holds.
 */
export async function withoutRejected(
  sql: Sql,
  groups: readonly OverflowGroup[],
): Promise<readonly OverflowGroup[]> {
  if (!groups.some(isAwaited)) return groups;
  const rows = await allRows(sql, {
    sql: `SELECT table_name, path FROM (
  SELECT table_name, path, kind FROM ${sql.name('_schema_history')}
  WHERE kind IN ('APPROVE_CHANGE', 'REJECT_CHANGE') AND path IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name, path ORDER BY changed_at DESC) = 1
)
WHERE kind = 'REJECT_CHANGE'`,
  });
  const rejected = new Set(rows.map((row) => placeOf(textOf(row, 'table_name'), textOf(row, 'path'))));
  return groups.filter((group) => !isAwaited(group) || !rejected.has(placeOf(group.table, group.path)));
}

function isAwaited({ reason }: OverflowGroup): boolean {
  return reason === 'AWAITING_APPROVAL';
}

/** A decision names no indexes of arrays. */
function placeOf(table: string, path: string): string {
  return `${table} ${path.replaceAll('/*', '')}`;
}
