import { allRows } from '@pipeline/google-clients';
import { HISTORY_TABLE } from '../history/history-row.js';
import { textOf } from '../promotion/row-text.js';
import type { ApprovalSql } from './waiting-values.js';

/** A decision that was made before about the same path, or about the type of a table. */
export interface EarlierDecision {
  readonly kind: 'APPROVE_CHANGE' | 'REJECT_CHANGE';
  readonly decidedAt: string;
  readonly actor: string;
  readonly reason: string | null;
}

const STATEMENT_TIMEOUT_MS = 60_000;

/** The last decision about a path of a table; about its type if the path is empty. @throws CloudError */
export async function earlierDecision(
  sql: ApprovalSql,
  tableId: string,
  path: string,
): Promise<EarlierDecision | null> {
  const [row] = await allRows(sql, {
    sql:
      `SELECT kind, FORMAT_TIMESTAMP('%FT%TZ', changed_at) AS decided_at, actor, JSON_VALUE(sample.reason) AS reason FROM ${sql.name(HISTORY_TABLE)}\n` +
      `WHERE table_name = @table AND IFNULL(path, '') = @path AND kind IN ('APPROVE_CHANGE', 'REJECT_CHANGE') ORDER BY changed_at DESC LIMIT 1`,
    parameters: { table: tableId, path },
    tableId: HISTORY_TABLE,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  });
  if (row === undefined) return null;
  return {
    kind: row['kind'] === 'APPROVE_CHANGE' ? 'APPROVE_CHANGE' : 'REJECT_CHANGE',
    decidedAt: textOf(row, 'decided_at'),
    actor: textOf(row, 'actor'),
    reason: typeof row['reason'] === 'string' ? row['reason'] : null,
  };
}
