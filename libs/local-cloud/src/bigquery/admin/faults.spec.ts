import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.js';

const ERROR = { error: { code: 503 } };
const hits = (faults: Faults, method: string, calls: number): boolean[] =>
  Array.from({ length: calls }, () => faults.take(method).length > 0);

describe('Faults', () => {
  it.each<[string, number, boolean[]]>([
    ['each call', 1, [true, true, true, true]],
    ['each second call', 0.5, [false, true, false, true]],
    ['each fourth call', 0.25, [false, false, false, true]],
    ['three calls of four', 0.75, [false, true, true, true]],
  ])('hits %s at rate %d', (_name, rate, expected) => {
    const faults = new Faults();
    faults.add({ method: 'tables.get', rate, ...ERROR });

    expect(hits(faults, 'tables.get', 4)).toEqual(expected);
  });

  it('leaves other methods alone, and ends after its times', () => {
    const faults = new Faults();
    faults.add({ method: 'tables.get', times: 2, ...ERROR });

    expect(hits(faults, 'tables.list', 2)).toEqual([false, false]);
    expect(hits(faults, 'tables.get', 3)).toEqual([true, true, false]);
    expect(faults.list()).toEqual([]);
  });

  it('throws the error that was asked for', async () => {
    const faults = new Faults();
    faults.add({ quota: true });

    await expect(faults.intercept('jobs.query')).rejects.toMatchObject({
      httpStatus: 403,
      reason: 'quotaExceeded',
    });
  });

  it.each([
    [{}],
    [{ rate: 0, ...ERROR }],
    [{ rate: 2, ...ERROR }],
    [{ times: 0, ...ERROR }],
    [{ latencyMs: -1 }],
    [{ error: { code: 200 } }],
  ])('refuses %j', (body) => {
    expect(() => new Faults().add(body)).toThrow();
  });
});
