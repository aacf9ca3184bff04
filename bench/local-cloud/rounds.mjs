export const ROUNDS = Math.max(3, Number(process.env['BENCH_ROUNDS'] ?? 7));
const WARM_UP_ROUNDS = 2;

/** Middle value of a list that is not empty. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measure contestants against each other, phase by phase: in every round each phase runs once for each, one right after
 * the other, in an order that turns; the first two rounds warm up and are left out. `begin(contestant)` returns an
 * object with a method per phase, each giving figures by name, and `end`.
 *
 * Shape: `[ours, theirs]`, `['publish']` → `{publish: {rate: {value: 900, ratio: 1.1}}}`: of each figure the median of the
 * first, and the median over the rounds of its ratio to the second, so that a busy moment of the machine meets both; no
 * second, no ratio; a figure that is null in a round (not measurable) is null.
 */
export async function race(contestants, phases, begin, rounds = ROUNDS) {
  const figures = Object.fromEntries(phases.map((phase) => [phase, contestants.map(() => [])]));
  const order = contestants.map((_, index) => index);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const runs = [];
    for (const contestant of contestants) runs.push(await begin(contestant));
    for (const phase of phases) {
      for (const index of order) {
        const measured = await runs[index][phase]();
        if (round >= 0) figures[phase][index].push(measured);
      }
    }
    for (const run of runs) await run.end();
    order.push(order.shift());
  }
  return Object.fromEntries(phases.map((phase) => [phase, compare(figures[phase])]));
}

function compare([ours, theirs]) {
  return Object.fromEntries(
    Object.keys(ours[0]).map((name) => {
      if (ours.some((measured) => measured[name] === null)) return [name, { value: null, ratio: null }];
      const ratios = theirs?.map((measured, round) => ours[round][name] / measured[name]);
      return [
        name,
        { value: median(ours.map((measured) => measured[name])), ratio: ratios ? median(ratios) : null },
      ];
    }),
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

/** Things per second in the time `work` takes. */
export async function ratePerSecond(count, work) {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1000;
}
