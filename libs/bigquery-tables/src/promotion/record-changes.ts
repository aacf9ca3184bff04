import type { BigquerySql } from '@pipeline/google-clients';
import { HISTORY_TABLE } from '../history/history-row.js';
import { ownChangeId, type Change } from '../schema-changes/change-record.js';

/** The part of a change that a retype knows; the rest of a record is null. */
export type RetypeChange = Pick<Change, 'kind' | 'path'> & Partial<Pick<Change, 'fromType' | 'toType'>>;

/** Appends changes of one table to the history, by DML, because a command has no Storage Write connection. @throws CloudError */
export async function recordChanges(
  sql: Pick<BigquerySql, 'name' | 'execute'>,
  { tableId, version, actor }: { readonly tableId: string; readonly version: number; readonly actor: string },
  changes: readonly RetypeChange[],
): Promise<void> {
  const changedAtMs = Date.now();
  for (const { kind, path, fromType = null, toType = null } of changes) {
    const change: Change = { kind, path, fromType, toType, messageId: null, sample: null, changedAtMs };
    await sql.execute({
      sql:
        `INSERT INTO ${sql.name(HISTORY_TABLE)} (change_id, table_name, version, path, kind, from_type, to_type, changed_at, actor)\n` +
        `VALUES (@id, @table, @version, @path, '${kind}', NULLIF(@from, ''), NULLIF(@to, ''), @at, @actor)`,
      parameters: {
        id: ownChangeId(tableId, change),
        table: tableId,
        version,
        path: path ?? '',
        from: fromType ?? '',
        to: toType ?? '',
        at: new Date(changedAtMs),
        actor,
      },
      tableId: HISTORY_TABLE,
    });
  }
}
