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
/** Spans of days of one table, two dry runs each: beyond, days without a waiting value count too. */
const MAX_SPANS = 4;
/** Dry runs of one estimate: a table beyond has the reason instead. */
const MAX_DRY_RUNS = 300;
const [RUNS_OF_TABLE, RUNS_OF_SPAN] = [3, 2];
/** Tables that are read and estimated at a time. */
const TABLES_AT_ONCE = 8;
/** The query that counts the days of all tables may bill so much. */
const MAX_BYTES_OF_DAYS = 10e9;
const DAY_MS = 86_400_000;

/**
 * Estimates what an approval would cost, by dry runs of its own statements, so that the bytes are BigQuery's: the waiting values are read
 * three times, then the rows of each day with an overflow, and one MERGE rewrites that day. A day with more than 64 MB of changed values
 * takes more than one. Dry runs are free, 300 at most; one query of all tables counts the days, and reads `_overflow` and `_publish_time`, 10 GB
 * at most.
 *
 * Never fails: a table that cannot be estimated has the reason.
 */
export async function approvalCosts(
  { sql, store }: ApprovalCostOptions,
  tables: readonly string[],
): Promise<readonly ApprovalCost[]> {
  const costs: ApprovalCost[] = [];
  const stored: StoredTable[] = [];
  await eachOf(tables.slice(0, MAX_COST_TABLES), async (name) => {
    try {
      const table = await store.read(name);
      if (table === null) costs.push(unknown(name, 'the table was deleted'));
      else stored.push(table);
    } catch (cause) {
      costs.push(unknown(name, textOf(cause)));
    }
  });
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
    const candidates = await candidateDays(sql, tables, {
      scope: 'all',
      since: new Date(0),
      maximumBytesBilled: MAX_BYTES_OF_DAYS,
    });
    const costs: ApprovalCost[] = [];
    let runs = 0;
    await eachOf(tables, async (table) => {
      const days = candidates.filter(({ tableId }) => tableId === table.tableId).map(({ day }) => day);
      runs += RUNS_OF_TABLE + RUNS_OF_SPAN * spansOf(days).length;
      costs.push(
        runs > MAX_DRY_RUNS
          ? unknown(table.tableId, `more than ${MAX_DRY_RUNS} dry runs: ask for one table`)
          : await estimate(sql, table, days),
      );
    });
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

/** Some tables at a time, so that an estimate ends in seconds and other calls keep their share of the rate limits. */
async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += TABLES_AT_ONCE)
    await Promise.all(items.slice(start, start + TABLES_AT_ONCE).map(act));
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
