import { allRows, CloudError, type Sql } from '@pipeline/google-clients';
import type { OverflowGroup } from './overflow.js';
import { textOf, textOrNull } from './sql-row.js';

/** Values of one table that wait in `_overflow`, and what they wait for. */
export interface WaitingValues {
  readonly table: string;
  /** For a column, which promotion moves them to. */
  readonly awaitingColumn: number;
  /** For a person to approve a change. */
  readonly awaitingApproval: number;
  /** The result of the last promotion of today, if it moved nothing: `deferred`, `blocked` or `failed`. */
  readonly obstacle: { readonly outcome: string; readonly detail: string | null } | null;
}

const OBSTACLES: readonly string[] = ['deferred', 'blocked', 'failed'];
const PROMOTIONS = '_promotions';

/** The tables with waiting values among groups of overflowed ones. Reads today's rows of `_promotions` if any wait. */
export async function waitingValues(
  sql: Sql,
  groups: readonly OverflowGroup[],
  now: Date,
): Promise<WaitingValues[]> {
  const counts = new Map<string, { awaitingColumn: number; awaitingApproval: number }>();
  for (const { table, reason, values } of groups) {
    if (reason !== 'AWAITING_COLUMN' && reason !== 'AWAITING_APPROVAL') continue;
    const count = counts.get(table) ?? { awaitingColumn: 0, awaitingApproval: 0 };
    counts.set(table, count);
    count[reason === 'AWAITING_COLUMN' ? 'awaitingColumn' : 'awaitingApproval'] += values;
  }
  if (counts.size === 0) return [];
  const obstacles = await obstaclesOf(sql, [...counts.keys()], now);
  return [...counts].map(([table, count]) => ({ table, ...count, obstacle: obstacles.get(table) ?? null }));
}

/** `3 wait: 2 for their column (deferred: the limit of bytes is spent), 1 for an approval`; empty if none wait. */
export function waitingWords({ awaitingColumn, awaitingApproval, obstacle }: WaitingValues): string {
  const { outcome, detail } = obstacle ?? {};
  const reason = detail === undefined || detail === null ? '' : `: ${detail}`;
  const why = outcome === undefined ? '' : ` (promotion ${outcome}${reason})`;
  return [
    ...(awaitingColumn === 0 ? [] : [`${awaitingColumn} for their column${why}`]),
    ...(awaitingApproval === 0 ? [] : [`${awaitingApproval} for an approval`]),
  ].join(', ');
}

async function obstaclesOf(
  sql: Sql,
  tables: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, WaitingValues['obstacle']>> {
  const since = new Date(now.toISOString().slice(0, 10));
  try {
    const rows = await allRows(sql, {
      sql:
        `SELECT table_name, outcome, detail FROM ${sql.name(PROMOTIONS)} WHERE started_at >= @since AND table_name IN UNNEST(@tables)\n` +
        'QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY started_at DESC) = 1',
      parameters: { since, tables },
      tableId: PROMOTIONS,
    });
    const met = rows.filter((row) => OBSTACLES.includes(textOf(row, 'outcome')));
    return new Map(
      met.map((row) => [
        textOf(row, 'table_name'),
        { outcome: textOf(row, 'outcome'), detail: textOrNull(row, 'detail') },
      ]),
    );
  } catch (cause) {
    // The values are counted all the same.
    if (CloudError.from(cause).code === 'TABLE_NOT_FOUND') return new Map();
    throw cause;
  }
}
