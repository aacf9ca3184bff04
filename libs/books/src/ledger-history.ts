import { allRows, type Sql } from '@pipeline/google-clients';
import type { Span } from './span.js';
import { numberOf, textOf } from './sql-row.js';

/** One hour of publish time as its last audit counted it, all tables together. */
export interface LedgerHour {
  readonly hour: string;
  readonly received: number;
  readonly rows: number;
  readonly deadLetters: number;
  readonly inProgress: number;
  readonly unaccounted: number;
  readonly auditedAt: string;
}

/** Reads `_ledger`: the hours of a span, the earliest first. Of the audits of an hour only the last one counts. */
export async function ledgerHistory(sql: Sql, { from, to }: Span): Promise<LedgerHour[]> {
  const rows = await allRows(sql, {
    sql: `WITH entries AS (
  SELECT *, MAX(audited_at) OVER (PARTITION BY span_start) AS last_audit
  FROM ${sql.archiveName('_ledger')}
  WHERE span_start >= @ledger_from AND span_start < @ledger_to
)
SELECT span_start, MAX(audited_at) AS audited_at, SUM(received) AS received, SUM(row_count) AS row_count,
  SUM(dead_letters) AS dead_letters, SUM(in_progress) AS in_progress, SUM(unaccounted) AS unaccounted
FROM entries
WHERE audited_at = last_audit
GROUP BY span_start
ORDER BY span_start`,
    parameters: { ledger_from: from, ledger_to: to },
  });
  return rows.map((row) => ({
    hour: textOf(row, 'span_start'),
    received: numberOf(row, 'received'),
    rows: numberOf(row, 'row_count'),
    deadLetters: numberOf(row, 'dead_letters'),
    inProgress: numberOf(row, 'in_progress'),
    unaccounted: numberOf(row, 'unaccounted'),
    auditedAt: textOf(row, 'audited_at'),
  }));
}
