import type { Randomizer } from '@faker-js/faker';

/** Rounds that mix the seed into the whole state, as PractRand's author recommends. */
const MIXING_ROUNDS = 12;
const TWO_TO_32 = 2 ** 32;

/**
 * Small fast counting generator (sfc32) for faker: random enough for events, and seeded in less than a microsecond.
 * Seeding faker's own generator takes longer than creating an event.
 *
 * `next` is uniform in [0, 1) with 32 bits; `seed` takes up to three 32-bit numbers, and each of them changes the
 * whole sequence. Faker calls both functions without their object.
 * Source: http://pracrand.sourceforge.net/RNG_engines.txt (sfc32), read 2026-11-22.
 */
export function createRandomizer(): Randomizer {
  let [a, b, c, counter] = [0, 0, 0, 1];
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / TWO_TO_32;
  };
  const seed = (given: number | number[]): void => {
    const [first = 0, second = 0, third = 0] = typeof given === 'number' ? [given] : given;
    [a, b, c, counter] = [first | 0, second | 0, third | 0, 1];
    for (let round = 0; round < MIXING_ROUNDS; round += 1) {
      next();
    }
  };
  return { next, seed };
}
