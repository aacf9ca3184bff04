/** Delays of one kind of retry, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before try number `attempt` + 1: doubling from `firstMs` to `maxMs`, then between half and all of
 * it by chance, so that replicas that failed together do not come back together.
 *
 * Shape: attempts 1, 2, 3 with firstMs 100 → 50–100, 100–200, 200–400. `random` gives [0, 1).
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceilingMs * (0.5 + random() / 2));
}

/** Resolves after the delay, or as soon as the signal says to stop waiting. */
export function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : delayMs);
    signal.addEventListener('abort', end);
  });
}
