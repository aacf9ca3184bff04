import { CloudError, type Sql } from '@pipeline/google-clients';
import { candidateDays } from '../promotion/candidates.js';
import {
  candidateCondition,
  candidatesQuery,
  rowsQuery,
  wholeRowsQuery,
} from '../promotion/promotion-sql.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { claimsQuery, countQuery } from './waiting-values.js';

/** Bytes that one approval of a table would process: the same for each of its changes, because a promotion goes through the table. */
export interface ApprovalCost {
  readonly table: string;
  /** Days of publish time whose partitions are read; null if unknown. */
  readonly days: number | null;
  /** Null if unknown. */
  readonly bytes: number | null;
  /** The reason, if days and bytes are unknown. */
  readonly unknown: string | null;
}

export interface ApprovalCostOptions {
  readonly sql: Pick<Sql, 'name' | 'rows' | 'estimateBytes'>;
  readonly store: Pick<TableStore, 'read'>;
}

/** Tables of one estimate: their days are counted by one query. */
export const MAX_COST_TABLES = 100;
/** Dry runs for the days of one table: beyond, days without a waiting value count too. */
const MAX_SPANS = 40;
const DAY_MS = 86_400_000;

/**
 * Estimates what an approval would cost, by dry runs of its own statements, so that the bytes are BigQuery's: the waiting values are read
 * three times, then the rows of each day with an overflow, and one MERGE rewrites that day. A day with more than 64 MB of changed values
 * takes more than one. Dry runs are free; one query of all tables counts the days, and reads `_overflow` and `_publish_time`.
 *
 * Never fails: a table that cannot be estimated has the reason.
 */
export async function approvalCosts(
  { sql, store }: ApprovalCostOptions,
  tables: readonly string[],
): Promise<readonly ApprovalCost[]> {
  const costs: ApprovalCost[] = [];
  const stored: StoredTable[] = [];
  for (const name of tables.slice(0, MAX_COST_TABLES)) {
    try {
      const table = await store.read(name);
      if (table === null) costs.push(unknown(name, 'the table was deleted'));
      else stored.push(table);
    } catch (cause) {
      costs.push(unknown(name, textOf(cause)));
    }
  }
  costs.push(...(await estimates(sql, stored)));
  const left = tables.slice(MAX_COST_TABLES);
  costs.push(...left.map((name) => unknown(name, `more than ${MAX_COST_TABLES} tables: ask for one table`)));
  const byName = new Map(costs.map((cost) => [cost.table, cost]));
  return tables.flatMap((name) => byName.get(name) ?? []);
}

async function estimates(
  sql: ApprovalCostOptions['sql'],
  tables: readonly StoredTable[],
): Promise<ApprovalCost[]> {
  if (tables.length === 0) return [];
  try {
    const candidates = await candidateDays(sql, tables, { scope: 'all', since: new Date(0) });
    const costs: ApprovalCost[] = [];
    for (const table of tables) {
      const days = candidates.filter(({ tableId }) => tableId === table.tableId).map(({ day }) => day);
      costs.push(await estimate(sql, table, days));
    }
    return costs;
  } catch (cause) {
    return tables.map(({ tableId }) => unknown(tableId, textOf(cause)));
  }
}

async function estimate(
  sql: ApprovalCostOptions['sql'],
  { tableId, schema }: StoredTable,
  days: readonly string[],
): Promise<ApprovalCost> {
  const name = sql.name(tableId);
  const condition = candidateCondition(schema, 'all');
  const since = { since: new Date(0) };
  try {
    const claims = await sql.estimateBytes({ sql: claimsQuery(name), tableId });
    let bytes = claims + claims;
    bytes += await sql.estimateBytes({ sql: countQuery(name), tableId });
    const candidates = candidatesQuery([{ tableId, name, condition }]);
    bytes += await sql.estimateBytes({ sql: candidates, parameters: since, tableId });
    for (const { day, lastDay } of spansOf(days)) {
      bytes += await sql.estimateBytes({
        sql: rowsQuery({ name, schema, condition, day, lastDay }),
        tableId,
      });
      bytes += await sql.estimateBytes({ sql: wholeRowsQuery({ name, day, lastDay }), tableId });
    }
    return { table: tableId, days: days.length, bytes, unknown: null };
  } catch (cause) {
    return unknown(tableId, textOf(cause));
  }
}

interface DaySpan {
  readonly day: string;
  readonly lastDay: string;
}

/** Days that follow each other as spans; one span of all if there are more than {@link MAX_SPANS}. */
export function spansOf(days: readonly string[]): readonly DaySpan[] {
  const spans: DaySpan[] = [];
  for (const day of [...new Set(days)].sort()) {
    const last = spans.at(-1);
    if (last !== undefined && Date.parse(day) - Date.parse(last.lastDay) === DAY_MS)
      spans.splice(-1, 1, { ...last, lastDay: day });
    else spans.push({ day, lastDay: day });
  }
  const [first, last] = [spans[0], spans.at(-1)];
  if (spans.length <= MAX_SPANS || first === undefined || last === undefined) return spans;
  return [{ day: first.day, lastDay: last.lastDay }];
}

function unknown(table: string, reason: string): ApprovalCost {
  return { table, days: null, bytes: null, unknown: reason };
}

function textOf(cause: unknown): string {
  const { code, message } = CloudError.from(cause);
  return `${code}: ${message}`;
}
