import type { PendingApproval } from '../pending-approvals.js';
import type { Fact } from './notice.js';
import type { HistoryEntry } from './history-facts.js';

/** Time in which values that were published before an approval may still be listed as pending. */
const SETTLING_MS = 3_600_000;
/** The cause of all event types that wait: a new type has no table yet, and one producer may send very many. */
const TYPES_TABLE = '_quarantine';

/** The newest approval of each change, in milliseconds, by {@link decisionKey}. */
export type Approvals = ReadonlyMap<string, number>;

/** A change in the form in which `_schema_history` names it: `*` steps of arrays are left out, a type has no path. */
export function decisionKey(table: string, path: string | null): string {
  return `${table}\n${(path ?? '').replaceAll('/*', '')}`;
}

/** Returns the newest approvals among some rows of `_schema_history`. */
export function approvalsOf(entries: readonly HistoryEntry[]): Approvals {
  const newest = new Map<string, number>();
  for (const { kind, table, path, changedAt } of entries) {
    if (kind !== 'APPROVE_CHANGE') continue;
    const key = decisionKey(table, path);
    newest.set(key, Math.max(newest.get(key) ?? -Infinity, Date.parse(changedAt)));
  }
  return newest;
}

/**
 * Returns the facts of the changes and event types that wait for an approval.
 *
 * An approved change is a new fact only if values wait that were published an hour or more after the approval: the others are on
 * their way to the column.
 */
export function pendingFacts(pending: readonly PendingApproval[], approvals: Approvals): readonly Fact[] {
  return pending.flatMap((approval) => {
    const { table, path, kind, lastSeen } = approval;
    const approvedAtMs = approvals.get(decisionKey(table, path));
    if (approvedAtMs !== undefined && Date.parse(lastSeen) < approvedAtMs + SETTLING_MS) return [];
    const epoch = approvedAtMs === undefined ? '' : new Date(approvedAtMs).toISOString();
    const { eventType = null, type, values, firstMessageId, firstSeen, warnings } = approval;
    return [
      {
        type: 'approval.pending',
        table: kind === 'type' ? TYPES_TABLE : table,
        key: [table, path, epoch].join('\n'),
        item: { table, path, kind, eventType, type, values, firstMessageId, firstSeen, lastSeen, warnings },
      },
    ];
  });
}
