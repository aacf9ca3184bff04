export const ROUNDS = Math.max(3, Number(process.env['BENCH_ROUNDS'] ?? 5));

/** Middle value of a list that is not empty. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measure contestants against each other: one round of each to warm up, then in every round one run of each, in an
 * order that turns. `measure` returns rates by name.
 *
 * Shape: `[ours, theirs]` → `[{publish: 1000, pull: 900}, {…}]`, medians over the rounds.
 */
export async function raceRates(contestants, measure, rounds = ROUNDS) {
  for (const contestant of contestants) await measure(contestant);
  const runs = contestants.map(() => []);
  const order = contestants.map((_, index) => index);
  for (let round = 0; round < rounds; round++) {
    for (const index of order) runs[index].push(await measure(contestants[index]));
    order.push(order.shift());
  }
  return runs.map((rates) =>
    Object.fromEntries(Object.keys(rates[0]).map((name) => [name, median(rates.map((rate) => rate[name]))])),
  );
}

/** Run `work(0)` … `work(count - 1)`, `width` at a time. */
export async function inParallel(count, width, work) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** How often per second: `count` things in the time `work` takes. */
export async function ratePerSecond(count, work) {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1000;
}
