import { describe, expect, it } from '@jest/globals';
import { historyEntry, pendingApproval } from './facts.builder.js';
import { historyFact, type HistoryEntry } from './history-facts.js';
import { approvalsOf, pendingFacts } from './pending-facts.js';

describe('a row of _schema_history', () => {
  it('is a change with its type before and after', () => {
    expect(historyFact(historyEntry({ kind: 'WIDEN_COLUMN', fromType: 'INT64' }))).toEqual({
      type: 'schema.changed',
      table: 'orders',
      key: 'c1',
      item: {
        kind: 'WIDEN_COLUMN',
        path: 'discount',
        fromType: 'INT64',
        toType: 'NUMERIC',
        messageId: '1234',
        changedAt: '2026-11-30T09:59:00.000000Z',
        actor: 'table-manager@0.1.0',
      },
    });
  });

  it.each([
    ['APPROVE_CHANGE', 'approved'],
    ['REJECT_CHANGE', 'rejected'],
  ])('is a decision if it is %s', (kind, decision) => {
    expect(historyFact(historyEntry({ kind, path: '/debug', reason: 'why', actor: 'cli (ada)' }))).toEqual({
      type: 'approval.decided',
      table: 'orders',
      key: 'c1',
      item: {
        decision,
        path: '/debug',
        type: 'NUMERIC',
        reason: 'why',
        decidedAt: '2026-11-30T09:59:00.000000Z',
        actor: 'cli (ada)',
      },
    });
  });
});

describe('pendingFacts', () => {
  const approve = (parts: Partial<HistoryEntry>): HistoryEntry =>
    historyEntry({ kind: 'APPROVE_CHANGE', path: '/items/sku', ...parts });
  const approval = pendingApproval({ path: '/items/*/sku', lastSeen: '2026-11-30T09:00:00Z' });

  it('has no value of an event and no attribute of a message', () => {
    expect(pendingFacts([pendingApproval()], new Map())[0]?.item).toEqual({
      table: 'orders',
      path: '/discount',
      kind: 'add',
      eventType: null,
      type: 'NUMERIC',
      values: 812,
      firstMessageId: '1234',
      firstSeen: '2026-11-30T06:00:00Z',
      lastSeen: '2026-11-30T09:00:00Z',
      warnings: [],
    });
  });

  it('is the same fact however many values wait', () => {
    const [first, second] = pendingFacts(
      [approval, { ...approval, values: 5, firstMessageId: '9' }],
      new Map(),
    );

    expect(first?.key).toBe(second?.key);
  });

  it('has event types under one cause, because they have no table yet', () => {
    const types = ['a', 'b'].map((table) => pendingApproval({ table, kind: 'type', path: '' }));

    expect(pendingFacts(types, new Map()).map(({ table, item }) => [table, item['table']])).toEqual([
      ['_quarantine', 'a'],
      ['_quarantine', 'b'],
    ]);
  });

  it.each([
    ['without a decision', [], 1],
    [
      'after an approval, of values that are still moved',
      [approve({ changedAt: '2026-11-30T08:30:00Z' })],
      0,
    ],
    ['after an approval, of values an hour later', [approve({ changedAt: '2026-11-30T08:00:00Z' })], 1],
    [
      'after an approval of another path',
      [approve({ path: '/items', changedAt: '2026-11-30T08:30:00Z' })],
      1,
    ],
    [
      'after an approval in another table',
      [approve({ table: 'stock', changedAt: '2026-11-30T08:30:00Z' })],
      1,
    ],
    [
      'by the newest of two approvals',
      [approve({ changedAt: '2026-11-30T08:30:00Z' }), approve({ changedAt: '2026-11-20T08:00:00Z' })],
      0,
    ],
    [
      'after a rejection that was taken back by hand',
      [approve({ kind: 'REJECT_CHANGE', changedAt: '2026-11-30T08:30:00Z' })],
      1,
    ],
  ])('is a fact %s', (_name, entries, count) => {
    expect(pendingFacts([approval], approvalsOf(entries))).toHaveLength(count);
  });

  it('is another fact if values wait again after an approval', () => {
    const approvals = approvalsOf([approve({ changedAt: '2026-11-30T08:00:00Z' })]);

    expect(pendingFacts([approval], approvals)[0]?.key).not.toBe(pendingFacts([approval], new Map())[0]?.key);
  });
});
