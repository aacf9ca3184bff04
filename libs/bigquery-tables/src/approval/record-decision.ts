import { HISTORY_TABLE } from '../history/history-row.js';
import { ownChangeId, type Change, type ChangeKind } from '../schema-changes/change-record.js';
import type { ApprovalSql } from './waiting-values.js';

/** The author of a change or decision. */
export interface Author {
  /** Program and version, with the person: `cli@0.1.0 (ada)`. */
  readonly actor: string;
}

/** Appends changes of one table to the history by DML, because a command has no Storage Write connection. @throws CloudError */
export async function insertChanges(
  sql: ApprovalSql,
  { tableId, version, actor }: Author & { readonly tableId: string; readonly version: number },
  changes: readonly Change[],
): Promise<void> {
  for (const change of changes) {
    const { kind, path, fromType, toType, messageId, sample, changedAtMs } = change;
    await sql.execute({
      sql:
        `INSERT INTO ${sql.name(HISTORY_TABLE)} (change_id, table_name, version, path, kind, from_type, to_type, message_id, sample, changed_at, actor)\n` +
        `VALUES (@id, @table, @version, NULLIF(@path, ''), '${kind}', NULLIF(@from, ''), NULLIF(@to, ''), NULLIF(@message, ''), PARSE_JSON(@sample), @at, @actor)`,
      parameters: {
        id: ownChangeId(tableId, change),
        table: tableId,
        version,
        path: path ?? '',
        from: fromType ?? '',
        to: toType ?? '',
        message: messageId ?? '',
        sample: JSON.stringify(sample),
        at: new Date(changedAtMs),
        actor,
      },
      tableId: HISTORY_TABLE,
    });
  }
}

/** A decision about a pending change as a record of the history: the path is the pending one, the sample holds the reason. */
export function decisionOf(
  kind: Extract<ChangeKind, 'APPROVE_CHANGE' | 'REJECT_CHANGE'>,
  path: string,
  { reason, toType = null }: { readonly reason: string | null; readonly toType?: string | null },
): Change {
  return {
    kind,
    path,
    fromType: null,
    toType,
    messageId: null,
    sample: reason === null ? null : { reason },
    changedAtMs: Date.now(),
  };
}
