/** Times in milliseconds; 0 if there are none. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Half, 95 and 99 of 100 of the times are at most these. */
export function percentiles(timesMs: readonly number[]): Percentiles {
  const sorted = [...timesMs].sort((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
