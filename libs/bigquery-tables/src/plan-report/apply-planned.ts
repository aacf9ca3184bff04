import type { BigquerySql } from '@pipeline/google-clients';
import { insertHistory } from '../history/insert-history.js';
import { toRecords } from '../history/history-writer.js';
import type { ChangeRecord } from '../schema-changes/change-record.js';
import { TableReconciler } from '../schema-changes/table-reconciler.js';
import type { TableStore } from '../schema-changes/table-store.port.js';
import type { PlannedNeed } from './plan-reporter.js';

export interface ApplyPlannedOptions {
  readonly store: TableStore;
  readonly sql: Pick<BigquerySql, 'name' | 'execute'>;
  /** Program and version, for the history. */
  readonly actor: string;
  /** Called before each table. */
  readonly onTable?: (tableId: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes the tables and columns of a plan before its events are published, so that the joined types of all events decide and
 * not the first event's. Uses table-manager's own reconciler: safe beside it, and repeatable.
 *
 * Each change is recorded in `_schema_history` with the run as its cause. Returns how many tables were created or changed.
 *
 * @throws CloudError if BigQuery refuses; tables before stay as they were changed
 */
export async function applyPlanned(
  needs: readonly PlannedNeed[],
  { store, sql, actor, onTable, signal }: ApplyPlannedOptions,
): Promise<number> {
  const changed = new Set<string>();
  let records: readonly ChangeRecord[] = [];
  const reconciler = new TableReconciler({
    store,
    onChange: (change) => {
      changed.add(change.tableId);
      records = [...records, ...toRecords(change, actor)];
    },
  });
  try {
    for (const { tableId, need } of needs) {
      if (signal?.aborted === true) break;
      onTable?.(tableId);
      await reconciler.reconcile(tableId, need);
      await insertHistory(sql, records);
      records = [];
    }
  } finally {
    await reconciler.stop();
  }
  return changed.size;
}
