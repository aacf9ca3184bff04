import { describe, expect, it } from '@jest/globals';
import { sumCounts, type DeadLetterGroup, type OverflowGroup } from '@pipeline/books';
import { concernsOf } from './concerns.js';

const WELL = { totals: sumCounts([]), unaccounted: [], mistimed: [], deadLetters: [], overflow: [] };

const group: DeadLetterGroup = {
  table: 'orders',
  eventType: 'order',
  path: null,
  stage: 'decode',
  reason: 'NOT_JSON',
  letters: 3,
  messages: 2,
  firstSeen: '2026-11-29T10:00:00.000000Z',
  lastSeen: '2026-11-29T11:00:00.000000Z',
  sampleMessageId: '17',
  sampleDetail: null,
};

const overflow = (reason: string, values: number): OverflowGroup => ({
  table: 'orders',
  path: '/price',
  reason,
  values,
  firstSeen: '2026-11-29T10:00:00.000000Z',
  lastSeen: '2026-11-29T11:00:00.000000Z',
  sampleMessageId: '18',
  samplePointer: '/price',
});

describe('concernsOf', () => {
  it('is empty when all is well', () => {
    expect(concernsOf(WELL)).toEqual([]);
  });

  it('names what is unaccounted before dead letters, quarantine and values, whatever their numbers', () => {
    const concerns = concernsOf({
      totals: { ...WELL.totals, unaccounted: 1, deadLetters: 2, quarantined: 9, mistimed: 1 },
      unaccounted: [{ messageId: '1' }],
      mistimed: [{ messageId: '2', table: 'orders' }],
      deadLetters: [group],
      overflow: [overflow('TYPE_CONFLICT', 100)],
    });

    expect(concerns.map(({ kind, count }) => [kind, count])).toEqual([
      ['unaccounted', 1],
      ['mistimed', 1],
      ['quarantined', 9],
      ['dead-letters', 2],
      ['overflow', 100],
    ]);
  });

  it('leaves out dead letters that a replay made rows of', () => {
    expect(concernsOf({ ...WELL, deadLetters: [group] })).toEqual([]);
  });

  it('leaves out values that promotion moves by itself, and no others', () => {
    const concerns = concernsOf({
      ...WELL,
      overflow: [overflow('AWAITING_COLUMN', 5), overflow('AWAITING_APPROVAL', 1)],
    });

    expect(concerns).toEqual([
      {
        kind: 'overflow',
        severity: 'notice',
        count: 1,
        table: 'orders',
        reason: 'AWAITING_APPROVAL',
        path: '/price',
        sampleMessageId: '18',
      },
    ]);
  });
});
