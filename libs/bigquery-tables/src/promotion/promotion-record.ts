import type { BigquerySql, CloudError, SqlParameter, SqlQuery } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';

export const PROMOTIONS_TABLE = '_promotions';

/**
 * The columns of `_promotions`: one row for each table and publish day of a run that moved values, was too expensive, or failed.
 * Partitioned by day of `started_at`. Terraform and the local cloud create the same ones (test/contracts/tables/promotions.json).
 */
export const PROMOTIONS_COLUMNS: readonly Column[] = [
  { name: 'run_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'table_name', type: 'STRING', mode: 'REQUIRED' },
  { name: 'publish_day', type: 'DATE', mode: 'NULLABLE' },
  { name: 'scope', type: 'STRING', mode: 'REQUIRED' },
  { name: 'outcome', type: 'STRING', mode: 'REQUIRED' },
  { name: 'rows_read', type: 'INT64', mode: 'REQUIRED' },
  { name: 'rows_changed', type: 'INT64', mode: 'REQUIRED' },
  { name: 'values_moved', type: 'INT64', mode: 'REQUIRED' },
  { name: 'bytes_processed', type: 'INT64', mode: 'REQUIRED' },
  { name: 'detail', type: 'STRING', mode: 'NULLABLE' },
  { name: 'started_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'duration_ms', type: 'INT64', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
];

/**
 * The result for one table and day. `promoted`: values moved. `planned`: they would move, by a dry run. `unchanged`: nothing has a
 * home yet. `deferred`: not now, because the table's bytes of the day are spent, or BigQuery's quota is, or it does not answer.
 * `blocked`: an operator has to grant or create something. `failed`: BigQuery refuses. `detail` says why; the next run retries.
 */
export type PromotionOutcome = 'promoted' | 'planned' | 'unchanged' | 'deferred' | 'blocked' | 'failed';

/** The outcome of a day that ended with an error. */
export function outcomeOf({ code, disposition }: CloudError): PromotionOutcome {
  if (disposition === 'setup') return 'blocked';
  return code === 'QUOTA_EXCEEDED' || code === 'RATE_LIMITED' || code === 'UNAVAILABLE'
    ? 'deferred'
    : 'failed';
}

export interface PromotedDay {
  readonly table: string;
  /** `2026-11-29`; null if the table failed as a whole. */
  readonly day: string | null;
  readonly outcome: PromotionOutcome;
  readonly rowsRead: number;
  readonly rowsChanged: number;
  readonly valuesMoved: number;
  /** Values that moved from a column to `_overflow`, because a new type does not hold them. Not recorded. */
  readonly valuesOverflowed: number;
  /** Bytes that BigQuery processed; by a dry run, those of the read alone. The local cloud estimates them. */
  readonly bytesProcessed: number;
  readonly detail: string | null;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** The run that a record belongs to. */
export interface PromotionRunInfo {
  readonly runId: string;
  readonly scope: string;
  readonly actor: string;
}

/** Rows of one statement: each has a dozen parameters. */
const ROWS_AT_ONCE = 50;

/** Writes records to `_promotions`. @throws CloudError */
export async function recordPromotions(
  sql: Pick<BigquerySql, 'name' | 'execute'>,
  days: readonly PromotedDay[],
  info: PromotionRunInfo,
): Promise<void> {
  for (let start = 0; start < days.length; start += ROWS_AT_ONCE) {
    await sql.execute({
      ...insertStatement(sql.name(PROMOTIONS_TABLE), days.slice(start, start + ROWS_AT_ONCE), info),
      tableId: PROMOTIONS_TABLE,
    });
  }
}

/** Returns the statement that stores records. Texts are parameters, because `detail` is BigQuery's own. */
export function insertStatement(
  table: string,
  days: readonly PromotedDay[],
  { runId, scope, actor }: PromotionRunInfo,
): Pick<SqlQuery, 'sql' | 'parameters'> {
  const parameters: Record<string, SqlParameter> = { runId, scope, actor };
  const rows = days.map((promoted, index) => {
    parameters[`table${index}`] = promoted.table;
    parameters[`detail${index}`] = promoted.detail ?? '';
    parameters[`startedAt${index}`] = new Date(promoted.startedAtMs);
    const { day, outcome, rowsRead, rowsChanged, valuesMoved, bytesProcessed, durationMs } = promoted;
    const counts = [rowsRead, rowsChanged, valuesMoved, bytesProcessed];
    return (
      `(@runId, @table${index}, ${day === null ? 'NULL' : `DATE '${day}'`}, @scope, '${outcome}', ${counts.join(', ')}, ` +
      `NULLIF(@detail${index}, ''), @startedAt${index}, ${durationMs}, @actor)`
    );
  });
  const columns = PROMOTIONS_COLUMNS.map(({ name }) => name);
  return { sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES\n${rows.join(',\n')}`, parameters };
}
