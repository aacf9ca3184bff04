import type { Fact, NoticeType } from './notice.js';

/** A row of `_schema_history`. */
export interface HistoryEntry {
  readonly changeId: string;
  readonly table: string;
  readonly path: string | null;
  readonly kind: string;
  readonly fromType: string | null;
  readonly toType: string | null;
  readonly messageId: string | null;
  /** The reason of a decision; null for everything else. */
  readonly reason: string | null;
  readonly changedAt: string;
  readonly actor: string;
}

/** The word of a notice for a kind of decision. */
const DECISIONS: Readonly<Record<string, string>> = { APPROVE_CHANGE: 'approved', REJECT_CHANGE: 'rejected' };

/** Returns the fact of a row of `_schema_history`: a change of a table (`schema.changed`), or a decision (`approval.decided`). */
export function historyFact(entry: HistoryEntry): Fact {
  const { changeId, table, path, toType, changedAt, actor } = entry;
  const decision = DECISIONS[entry.kind];
  const fact = (type: NoticeType, item: Fact['item']): Fact => ({ type, table, key: changeId, item });
  if (decision !== undefined) {
    const { reason } = entry;
    return fact('approval.decided', { decision, path, type: toType, reason, decidedAt: changedAt, actor });
  }
  const { kind, fromType, messageId } = entry;
  return fact('schema.changed', { kind, path, fromType, toType, messageId, changedAt, actor });
}
