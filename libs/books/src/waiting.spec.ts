import { describe, expect, it } from '@jest/globals';
import { CloudError, type Sql } from '@pipeline/google-clients';
import type { OverflowGroup } from './overflow.js';
import { RecordedSql } from './recorded-sql.fake.js';
import { waitingValues, waitingWords } from './waiting.js';

const NOW = new Date('2026-11-29T12:00:00Z');
const group = (table: string, reason: string, values: number): OverflowGroup => ({
  table,
  path: '/a',
  reason,
  values,
  firstSeen: '',
  lastSeen: '',
  sampleMessageId: 'm',
  samplePointer: '/a',
});

describe('waitingValues', () => {
  it('counts by table what waits, with the obstacle that the last promotion of today met', async () => {
    const sql = new RecordedSql([
      [
        { table_name: 'orders', outcome: 'deferred', detail: 'the limit is spent' },
        { table_name: 'bills', outcome: 'promoted', detail: null },
      ],
    ]);
    const groups = [
      group('orders', 'AWAITING_COLUMN', 2),
      group('orders', 'AWAITING_COLUMN', 1),
      group('orders', 'TYPE_CONFLICT', 9),
      group('bills', 'AWAITING_APPROVAL', 4),
      group('users', 'TYPE_CONFLICT', 5),
    ];
    const waiting = await waitingValues(sql, groups, NOW);

    expect(waiting).toEqual([
      {
        table: 'orders',
        awaitingColumn: 3,
        awaitingApproval: 0,
        obstacle: { outcome: 'deferred', detail: 'the limit is spent' },
      },
      { table: 'bills', awaitingColumn: 0, awaitingApproval: 4, obstacle: null },
    ]);
    expect(waiting.map(waitingWords)).toEqual([
      '3 for their column (promotion deferred: the limit is spent)',
      '4 for an approval',
    ]);
    expect(sql.queries.map(({ parameters }) => parameters)).toEqual([
      { since: new Date('2026-11-29T00:00:00Z'), tables: ['orders', 'bills'] },
    ]);
  });

  it('asks nothing if nothing waits', async () => {
    const sql = new RecordedSql();

    expect(await waitingValues(sql, [group('users', 'TYPE_CONFLICT', 5)], NOW)).toEqual([]);
    expect(sql.queries).toEqual([]);
  });

  it('counts without a table of promotions, and passes other failures on', async () => {
    const failing = (code: 'TABLE_NOT_FOUND' | 'UNAVAILABLE'): Sql => ({
      name: (tableId) => tableId,
      archiveName: (tableId) => tableId,
      async *rows() {
        throw await Promise.resolve(new CloudError({ code, message: code }));
      },
      execute: () => Promise.resolve(),
      estimateBytes: () => Promise.resolve(0),
    });
    const groups = [group('orders', 'AWAITING_COLUMN', 2)];

    expect(await waitingValues(failing('TABLE_NOT_FOUND'), groups, NOW)).toEqual([
      { table: 'orders', awaitingColumn: 2, awaitingApproval: 0, obstacle: null },
    ]);
    await expect(waitingValues(failing('UNAVAILABLE'), groups, NOW)).rejects.toThrow('UNAVAILABLE');
  });
});
