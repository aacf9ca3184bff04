import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TablePace, type TablePaceOptions } from './table-pace.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

/** The times at which changes were taken by one that asks again as soon as it may. */
function takenWithin(durationMs: number, isPartitioned: boolean, options: TablePaceOptions = {}): number[] {
  const pace = new TablePace(options);
  const taken: number[] = [];
  while (Date.now() < durationMs) {
    const waitMs = pace.take('t', isPartitioned);
    if (waitMs === 0) {
      taken.push(Date.now());
    } else {
      jest.advanceTimersByTime(waitMs);
    }
  }
  return taken;
}

function mostInTenSeconds(taken: readonly number[]): number {
  return Math.max(...taken.map((from) => taken.filter((at) => at >= from && at < from + 10_000).length));
}

describe('TablePace', () => {
  it.each<[string, boolean, number, number]>([
    ['a partitioned table, 5 replicas', true, 5, 10],
    ['a partitioned table, 20 replicas', true, 20, 2],
    ['another table, 5 replicas', false, 5, 1],
    ['another table, 1 replica', false, 1, 5],
    ['another table, 20 replicas', false, 20, 1],
  ])('never gives more than its part of the limit: %s', (_name, isPartitioned, replicas, part) => {
    const taken = takenWithin(120_000, isPartitioned, { replicas });

    expect(mostInTenSeconds(taken)).toBeLessThanOrEqual(part);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThanOrEqual((isPartitioned ? 50 : 5) * (12 / replicas) + 1);
  });

  it('lets a few changes follow each other at once', () => {
    const pace = new TablePace();

    expect([1, 2, 3, 4].map(() => pace.take('t', true) === 0)).toEqual([true, true, true, false]);
    expect(pace.take('u', true)).toBe(0);
  });

  it('gives nothing for a while after BigQuery said that the limit is reached', () => {
    const pace = new TablePace();
    pace.take('t', true);
    pace.exhausted('t');

    expect(pace.take('t', true)).toBeGreaterThan(1_000);
  });

  it('gathers for longer the more changes follow each other, and not at all when the table is calm', () => {
    const pace = new TablePace({ firstGatherMs: 100, maxGatherMs: 500, calmMs: 10_000 });
    const gathered = [pace.gatherMs('t')];
    for (let change = 0; change < 4; change++) {
      pace.changed('t');
      gathered.push(pace.gatherMs('t'));
    }
    jest.advanceTimersByTime(10_000);

    expect(gathered).toEqual([0, 100, 200, 400, 500]);
    expect(pace.gatherMs('t')).toBe(0);
  });
});
