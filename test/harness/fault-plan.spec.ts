import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS, planFaults } from './fault-plan.js';

const MINUTE_MS = 60_000;

describe('planFaults', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = planFaults({ seed: 1, durationMs: MINUTE_MS, replicas: 3 });

    expect(planFaults({ seed: 1, durationMs: MINUTE_MS, replicas: 3 })).toEqual(plan);
    expect(planFaults({ seed: 2, durationMs: MINUTE_MS, replicas: 3 })).not.toEqual(plan);
  });

  it.each([1_000, 6_000, MINUTE_MS, 10 * MINUTE_MS])('has every kind of fault within %d ms', (durationMs) => {
    const plan = planFaults({ seed: 7, durationMs, replicas: 3 });

    expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
    expect(plan.every(({ atMs }) => atMs > 0 && atMs < durationMs)).toBe(true);
    expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b));
  });

  it('ends every lag before the next begins', () => {
    const lags = planFaults({ seed: 3, durationMs: 5 * MINUTE_MS, replicas: 2 }).flatMap((fault) =>
      fault.kind === 'metadata-lag' ? [fault.milliseconds > 0] : [],
    );

    expect(lags.length).toBeGreaterThan(5);
    expect(lags).toEqual(lags.map((_, index) => index % 2 === 0));
  });

  it('kills only replicas that there are', () => {
    const kills = planFaults({ seed: 3, durationMs: 20 * MINUTE_MS, replicas: 2 }).flatMap((fault) =>
      fault.kind === 'kill' ? [fault.replica] : [],
    );

    expect(new Set(kills)).toEqual(new Set([0, 1]));
  });
});
