import { describe, expect, it } from '@jest/globals';
import type { PromotedDay } from '@pipeline/bigquery-tables';
import { renderPromotion } from './render-promotion.js';

const day = (fields: Partial<PromotedDay>): PromotedDay => ({
  table: 'orders',
  day: '2026-11-29',
  outcome: 'promoted',
  rowsRead: 12,
  rowsChanged: 10,
  valuesMoved: 14,
  valuesOverflowed: 0,
  bytesProcessed: 1_500_000,
  detail: null,
  startedAtMs: 0,
  durationMs: 1,
  ...fields,
});
const run = (...days: PromotedDay[]): Parameters<typeof renderPromotion>[0] => ({
  runId: 'r',
  days,
  retypes: [],
  isComplete: true,
});

describe('renderPromotion', () => {
  it('shows each day and the totals with their cost', () => {
    const failed = day({
      outcome: 'failed',
      rowsChanged: 0,
      valuesMoved: 0,
      detail: 'UNAVAILABLE: no answer',
    });

    expect(renderPromotion(run(day({}), failed), { isDryRun: false, isLocal: false })).toBe(
      `table   published   outcome   rows read  rows changed  values moved  detail
orders  2026-11-29  promoted         12            10            14  –
orders  2026-11-29  failed           12             0             0  UNAVAILABLE: no answer

14 values of 10 rows moved to their columns. BigQuery processed 3.0 MB.`,
    );
  });

  it('speaks of what would move in a dry run, without cost in the local cloud', () => {
    const text = renderPromotion(run(day({ outcome: 'planned' })), { isDryRun: true, isLocal: true });

    expect(text.split('\n').at(-1)).toBe('14 values of 10 rows would move to their columns.');
  });

  it('says that nothing waits', () => {
    expect(renderPromotion(run(), { isDryRun: false, isLocal: true })).toBe(
      'No row has a value in _overflow or in a retired column.',
    );
  });
});
