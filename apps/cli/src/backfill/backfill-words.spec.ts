import { describe, expect, it } from '@jest/globals';
import type { EarlierBackfill } from '@pipeline/books';
import { durationWords, earlierWords, progressWords } from './backfill-words.js';

const DONE = { doneLines: 1_300, published: 1_200, known: 0, firstMessageId: '1', lastMessageId: '9' };

describe('progressWords', () => {
  it.each([
    [
      'of a known total',
      DONE,
      { skip: 100, lines: 5_100, elapsedMs: 12_000 },
      '1,200 of 5,000 lines published (24 %), 100/s, 38 s left',
    ],
    [
      'with known messages',
      { ...DONE, published: 1_000, known: 200 },
      { skip: 100, lines: 1_300, elapsedMs: 240_000 },
      '1,200 of 1,200 lines published or known (100 %), 200 known, 5.0/s, 0 s left',
    ],
    ['without a total', DONE, { skip: 100, lines: null, elapsedMs: 12_000 }, '1,200 published, 100/s'],
    [
      'before the first line',
      { ...DONE, doneLines: 100, published: 0 },
      { skip: 100, lines: 300, elapsedMs: 0 },
      '0 of 200 lines published (0 %), 0.0/s',
    ],
  ])('says how far a backfill is, %s', (_what, progress, run, words) => {
    expect(progressWords(progress, run)).toBe(words);
  });
});

describe('durationWords', () => {
  it.each([
    [0.2, '1 s'],
    [99, '99 s'],
    [120, '2 min'],
    [12_000, '3 h 20 min'],
  ])('%d seconds', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});

describe('earlierWords', () => {
  const EARLIER: EarlierBackfill = {
    ...DONE,
    runId: 'r1',
    outcome: 'completed',
    startedAt: '2026-11-29T10:00:00.000000Z',
    lines: 5_000,
  };

  it.each([
    ['completed', /backfilled before, at 2026-11-29 10:00 .*1200 events.*--skip-known/],
    ['interrupted', /interrupted at line 1300 of 5000 .*--skip 1300 goes on there/],
    ['running', /up to 1300 of 5000 .*--skip 1300 --skip-known goes on exactly/],
    ['failed', /up to 1300 of 5000 .*--skip 1300 --skip-known goes on exactly/],
  ] as const)('after a run that is %s, says how to go on', (outcome, words) => {
    expect(earlierWords({ ...EARLIER, outcome })).toMatch(words);
  });

  it('says nothing if no run published anything', () => {
    expect(earlierWords(null)).toBeNull();
    expect(earlierWords({ ...EARLIER, outcome: 'failed', published: 0 })).toBeNull();
  });
});
