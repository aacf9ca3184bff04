import { allRows, CloudError, type Sql } from '@pipeline/google-clients';
import { HISTORY_TABLE } from '../history/history-row.js';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import { hasPipelineColumns } from '../schema-changes/pipeline-columns.js';
import type { PromotionSql } from './promote-day.js';
import { PROMOTIONS_TABLE } from './promotion-record.js';
import { textOf } from './row-text.js';
import {
  candidateCondition,
  candidatesQuery,
  type CandidateTable,
  type PromotionScope,
} from './promotion-sql.js';

/** Tables of one statement: a UNION ALL of more is deep for a parser, and BigQuery names 1,000 at most. */
const TABLES_AT_ONCE = 100;
const STATEMENT_TIMEOUT_MS = 120_000;

/** A publish day of a table with rows to look at. */
export interface CandidateDay {
  readonly tableId: string;
  readonly day: string;
  readonly rows: number;
}

interface CandidateSpan {
  readonly since: Date;
  /** Bytes that one query may bill; more is refused. */
  readonly maximumBytesBilled?: number;
}

/** The tables whose schema changed since an instant, by `_schema_history`. @throws CloudError */
export async function changedTables(sql: PromotionSql, since: Date): Promise<readonly string[]> {
  const rows = await allRows(sql, {
    sql: `SELECT DISTINCT table_name FROM ${sql.name(HISTORY_TABLE)} WHERE changed_at >= @since ORDER BY table_name`,
    parameters: { since },
    tableId: HISTORY_TABLE,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  });
  return rows.map((row) => textOf(row, 'table_name'));
}

/** Bytes that each table's promotion has processed since an instant, for one scope. @throws CloudError */
export async function spentBytes(
  sql: PromotionSql,
  scope: PromotionScope,
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await allRows(sql, {
    sql:
      `SELECT table_name, SUM(bytes_processed) AS bytes FROM ${sql.name(PROMOTIONS_TABLE)}\n` +
      'WHERE started_at >= @since AND scope = @scope GROUP BY table_name',
    parameters: { since, scope },
    tableId: PROMOTIONS_TABLE,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  });
  return new Map(rows.map((row) => [textOf(row, 'table_name'), Number(row['bytes'])]));
}

/**
 * The days with rows to look at, by one query for each hundred tables. A table that is deleted or altered meanwhile is left
 * out: the group is then asked table by table.
 */
export async function candidateDays(
  sql: Pick<Sql, 'name' | 'rows'>,
  tables: readonly StoredTable[],
  { scope, ...span }: CandidateSpan & { readonly scope: PromotionScope },
): Promise<readonly CandidateDay[]> {
  const candidates = tables
    .filter(({ kind, schema }) => kind === 'TABLE' && hasPipelineColumns(schema))
    .map(({ tableId, schema }) => ({
      tableId,
      name: sql.name(tableId),
      condition: candidateCondition(schema, scope),
    }));
  const days: CandidateDay[] = [];
  for (let start = 0; start < candidates.length; start += TABLES_AT_ONCE) {
    days.push(...(await countDays(sql, candidates.slice(start, start + TABLES_AT_ONCE), span)));
  }
  return days;
}

async function countDays(
  sql: Pick<Sql, 'name' | 'rows'>,
  tables: readonly CandidateTable[],
  { since, ...limit }: CandidateSpan,
): Promise<readonly CandidateDay[]> {
  try {
    const rows = await allRows(sql, {
      sql: candidatesQuery(tables),
      parameters: { since },
      timeoutMs: STATEMENT_TIMEOUT_MS,
      ...limit,
    });
    return rows.map((row) => ({
      tableId: textOf(row, 'table_name'),
      day: textOf(row, 'day'),
      rows: Number(row['row_count']),
    }));
  } catch (cause) {
    const { code } = CloudError.from(cause);
    // A refusal for its bytes is INVALID as well.
    const isAltered = code === 'INVALID' && limit.maximumBytesBilled === undefined;
    if (code !== 'TABLE_NOT_FOUND' && !isAltered) throw cause;
    const days: CandidateDay[] = [];
    if (tables.length > 1)
      for (const table of tables) days.push(...(await countDays(sql, [table], { since, ...limit })));
    return days;
  }
}
