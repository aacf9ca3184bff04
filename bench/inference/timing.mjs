/** Milliseconds that one timed stretch lasts at least: long beside the clock's grain and a minor collection. */
const STRETCH_MS = 40;
const WARM_UP_MS = 150;

export const ROUNDS = Math.max(5, Number(process.env['BENCH_ROUNDS'] ?? 11));

/** Middle value of a list that is not empty. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Milliseconds of processor time that this process has taken, the collector's threads included: the cost of a piece
 * of work, independent of other load on the machine.
 */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function msOf(work, times) {
  const start = cpuMs();
  for (let index = 0; index < times; index++) work();
  return cpuMs() - start;
}

function timesFor(work) {
  let times = 1;
  let ms = msOf(work, times);
  const warmAt = cpuMs() + WARM_UP_MS;
  while (cpuMs() < warmAt || ms < STRETCH_MS / 4) {
    if (ms < STRETCH_MS / 4) times *= 2;
    ms = msOf(work, times);
  }
  return Math.max(1, Math.round((times * STRETCH_MS) / ms));
}

/**
 * Time contestants against each other: in every round each runs one stretch, in an order that turns, so that a collection
 * or a change of the clock meets all of them.
 *
 * Shape: `{a: () => …, b: () => …}` → `{a: milliseconds per call, b: …}`, medians over the rounds.
 */
export function race(contestants, rounds = ROUNDS) {
  const entries = Object.entries(contestants).map(([name, work]) => ({
    name,
    work,
    times: timesFor(work),
    ms: [],
  }));
  for (let round = 0; round < rounds; round++) {
    entries.push(entries.shift());
    for (const { work, times, ms } of entries) ms.push(msOf(work, times) / times);
  }
  return Object.fromEntries(entries.map(({ name, ms }) => [name, median(ms)]));
}
