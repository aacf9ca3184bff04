import { setTimeout as wait } from 'node:timers/promises';

/** Waits so that calls come at most `perSecond` times a second, evenly; bursts after a pause are not made up for. */
export function createPace(perSecond: number): () => Promise<void> {
  const gapMs = 1_000 / perSecond;
  let nextAtMs = 0;
  return async () => {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, nextAtMs);
    nextAtMs = atMs + gapMs;
    // Timers are no finer than a millisecond: what is nearer goes at once.
    if (atMs - nowMs >= 1) await wait(atMs - nowMs);
  };
}
