import { describe, expect, it } from '@jest/globals';
import { createRandomizer } from './randomizer.js';

function draw(seed: number | number[], count: number): number[] {
  const randomizer = createRandomizer();
  randomizer.seed(seed);
  return Array.from({ length: count }, () => randomizer.next());
}

describe('createRandomizer', () => {
  it('starts over with the same seed', () => {
    expect(draw([7, 1, 2], 100)).toEqual(draw([7, 1, 2], 100));
  });

  it.each([
    ['first', [8, 1, 2]],
    ['second', [7, 2, 2]],
    ['third', [7, 1, 3]],
  ])('gives other numbers when the %s number of the seed differs', (_name, other) => {
    const numbers = new Set(draw([7, 1, 2], 100));

    expect(draw(other, 100).filter((number) => numbers.has(number))).toEqual([]);
  });

  it('fills [0, 1) evenly, also over first numbers of neighbouring seeds', () => {
    const buckets = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index += 1) {
      const bucket = Math.floor((draw([7, 1, index], 1)[0] ?? 0) * 16);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }

    for (const count of buckets) {
      expect(Math.abs(count - 1_000)).toBeLessThan(150);
    }
  });
});
