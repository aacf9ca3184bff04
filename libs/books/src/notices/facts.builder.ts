import type { PendingApproval } from '../pending-approvals.js';
import { historyFact, type HistoryEntry } from './history-facts.js';
import { ledgerFacts, type LedgerLine } from './ledger-facts.js';
import type { Fact, NoticeType } from './notice.js';
import { pendingFacts } from './pending-facts.js';

export const NOW = new Date('2026-11-30T10:00:00Z');

/** `ADD_COLUMN orders.discount` unless parts say otherwise. */
export function historyEntry(parts: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    changeId: 'c1',
    table: 'orders',
    path: 'discount',
    kind: 'ADD_COLUMN',
    fromType: null,
    toType: 'NUMERIC',
    messageId: '1234',
    reason: null,
    changedAt: '2026-11-30T09:59:00.000000Z',
    actor: 'table-manager@0.1.0',
    ...parts,
  };
}

/** `/discount` of `orders` unless parts say otherwise. */
export function pendingApproval(parts: Partial<PendingApproval> = {}): PendingApproval {
  return {
    table: 'orders',
    path: '/discount',
    kind: 'add',
    type: 'NUMERIC',
    values: 812,
    valuesPerHour: 203,
    firstMessageId: '1234',
    firstSeen: '2026-11-30T06:00:00Z',
    lastSeen: '2026-11-30T09:00:00Z',
    days: 1,
    attributes: { producer: 'checkout' },
    sample: '9.99',
    warnings: [],
    rejectedAt: null,
    ...parts,
  };
}

/** The line of an hour before or after {@link NOW}, audited at `NOW`: 100 messages unless parts say otherwise. */
export function ledgerLine(hoursAgo: number, parts: Partial<LedgerLine> = {}): LedgerLine {
  return {
    hour: new Date(NOW.getTime() - hoursAgo * 3_600_000).toISOString(),
    received: 100,
    deadLetters: 0,
    inProgress: 0,
    unaccounted: 0,
    auditedAt: NOW.toISOString(),
    ...parts,
  };
}

/** The hours from `first` to `last` hours ago. */
export function ledgerLines(first: number, last: number, parts: Partial<LedgerLine> = {}): LedgerLine[] {
  return Array.from({ length: first - last + 1 }, (_unused, index) => ledgerLine(first - index, parts));
}

/** Facts of every type, as the code makes them. */
export function factsOfEveryType(): Readonly<Record<NoticeType, readonly Fact[]>> {
  const decision = { kind: 'REJECT_CHANGE', path: '/debug', messageId: null, reason: 'debug output' };
  const type = { kind: 'type', eventType: 'invoice.created', type: null, path: '' } as const;
  const ledger = ledgerFacts([
    { table: 'orders', lines: ledgerLines(25, 2) },
    { table: 'stock', lines: ledgerLines(25, 1) },
    { table: null, lines: [ledgerLine(1, { deadLetters: 40, unaccounted: 3 })] },
  ]);
  return {
    'schema.changed': [historyFact(historyEntry()), historyFact(historyEntry({ path: null, toType: null }))],
    'approval.decided': [historyFact(historyEntry(decision))],
    'approval.pending': pendingFacts(
      [pendingApproval({ warnings: ['EMAIL'] }), pendingApproval(type)],
      new Map(),
    ),
    'books.unbalanced': ledger.filter((fact) => fact.type === 'books.unbalanced'),
    'deadletters.rising': ledger.filter((fact) => fact.type === 'deadletters.rising'),
    'type.silent': ledger.filter((fact) => fact.type === 'type.silent'),
  };
}
