import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CheckOutcome, HealthCheck } from './health-check.port.js';
import { CachedCheck } from './run-check.js';

let runs: number;
let outcome: () => Promise<CheckOutcome>;

beforeEach(() => {
  jest.useFakeTimers();
  runs = 0;
  outcome = () => Promise.resolve({ kind: 'up' });
});

afterEach(() => {
  jest.useRealTimers();
});

function aCheck(): CachedCheck {
  const check: HealthCheck = {
    name: 'dependency',
    check: () => {
      runs++;
      return outcome();
    },
  };
  return new CachedCheck(check);
}

describe('CachedCheck', () => {
  it('runs once for many callers within two seconds, and again after that', async () => {
    const check = aCheck();
    const first = await Promise.all(Array.from({ length: 100 }, () => check.run()));
    await jest.advanceTimersByTimeAsync(1_999);
    await check.run();
    expect([first.every(({ kind }) => kind === 'up'), runs]).toEqual([true, 1]);

    await jest.advanceTimersByTimeAsync(1);
    await check.run();
    expect(runs).toBe(2);
  });

  it('runs once while the dependency does not answer, and is down after three seconds', async () => {
    outcome = () => new Promise(() => undefined);
    const check = aCheck();
    const early = check.run();
    await jest.advanceTimersByTimeAsync(2_500);
    const late = check.run();
    await jest.advanceTimersByTimeAsync(500);

    expect(await Promise.all([early, late])).toMatchObject([
      { code: 'CHECK_TIMEOUT' },
      { code: 'CHECK_TIMEOUT' },
    ]);
    expect(runs).toBe(1);
  });
});
