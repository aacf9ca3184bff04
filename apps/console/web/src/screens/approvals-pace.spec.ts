import { describe, expect, it } from '@jest/globals';
import { followFigures } from './approvals-pace';

const aged = (ageSeconds: number): { readonly ageSeconds: number; readonly failure: null } => ({
  ageSeconds,
  failure: null,
});

describe('followFigures', () => {
  it.each([
    [0, false],
    [29, false],
    [30, 2_000],
    [599, 2_000],
    [600, 30_000],
    [86_400, 30_000],
  ])('asks again for figures of %d s in %s ms', (ageSeconds, expected) => {
    expect(followFigures()(aged(ageSeconds), 1)).toBe(expected);
  });

  it('asks soon 15 times in a row, then every 30 s', () => {
    const next = followFigures();
    const waits = Array.from({ length: 18 }, (_unused, index) => next(aged(100 + 2 * index), index + 1));

    expect(waits).toEqual([...Array<number>(15).fill(2_000), 30_000, 30_000, 30_000]);
  });

  it('counts an answer once, however often it is asked about it', () => {
    const next = followFigures();
    for (let times = 0; times < 40; times++) next(aged(100), 1);

    expect(next(aged(102), 2)).toBe(2_000);
  });

  it('begins a new row after figures that are new', () => {
    const next = followFigures();
    for (let answer = 1; answer <= 20; answer++) next(aged(100), answer);

    expect([next(aged(100), 21), next(aged(1), 22), next(aged(31), 23)]).toEqual([30_000, false, 2_000]);
  });

  it('does not ask again for figures that could not be read', () => {
    expect(followFigures()({ ageSeconds: 100, failure: { code: 'X', message: 'y' } }, 1)).toBe(false);
  });
});
