import type { Column } from '@pipeline/schema-inference';
import type { AppendRow } from '../rows/row-appender.port.js';

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
 * The result for one table and day. `promoted`: values moved. `planned`: they would move, by a dry run. `unchanged`:
 * nothing has a home yet. `deferred`: the table's bytes of the day are spent. `failed`: `detail` says why; the next run retries.
 */
export type PromotionOutcome = 'promoted' | 'planned' | 'unchanged' | 'deferred' | 'failed';

export interface PromotedDay {
  readonly table: string;
  /** `2026-11-29`; null if the table failed as a whole. */
  readonly day: string | null;
  readonly outcome: PromotionOutcome;
  readonly rowsRead: number;
  readonly rowsChanged: number;
  readonly valuesMoved: number;
  /** Bytes that BigQuery processed; by a dry run, those of the read alone. The local cloud counts none. */
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

/** A record as a row to append. */
export function toPromotionRow(promoted: PromotedDay, { runId, scope, actor }: PromotionRunInfo): AppendRow {
  return {
    insertId: `${runId} ${promoted.table} ${promoted.day ?? ''}`,
    columns: PROMOTIONS_COLUMNS,
    row: {
      run_id: runId,
      table_name: promoted.table,
      publish_day: promoted.day,
      scope,
      outcome: promoted.outcome,
      rows_read: promoted.rowsRead,
      rows_changed: promoted.rowsChanged,
      values_moved: promoted.valuesMoved,
      bytes_processed: promoted.bytesProcessed,
      detail: promoted.detail,
      started_at: new Date(promoted.startedAtMs).toISOString(),
      duration_ms: promoted.durationMs,
      actor,
    },
  };
}
