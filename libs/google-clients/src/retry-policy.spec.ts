import { describe, expect, it } from '@jest/globals';
import { backoffMs, clientRetry, sleep } from './retry-policy.js';

describe('backoffMs', () => {
  it.each([
    [1, 0, 50],
    [1, 1, 100],
    [3, 0, 200],
    [3, 1, 400],
    [20, 1, 1_000],
    [5_000, 1, 1_000],
  ])('gives attempt %d with chance %d a delay of %d ms', (attempt, chance, delayMs) => {
    expect(backoffMs(attempt, { firstMs: 100, maxMs: 1_000 }, () => chance)).toBe(delayMs);
  });
});

describe('sleep', () => {
  it('ends when its signal aborts', async () => {
    const stop = new AbortController();
    const slept = sleep(3_600_000, stop.signal);
    stop.abort();

    await expect(slept).resolves.toBeUndefined();
  });
});

describe('clientRetry', () => {
  it('retries transient statuses only, and no longer than the caller waits', () => {
    const { retryCodes, backoffSettings } = clientRetry(9_000);

    // CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE.
    expect(retryCodes).toEqual([1, 4, 8, 10, 13, 14]);
    expect(backoffSettings.totalTimeoutMillis).toBe(9_000);
  });
});
