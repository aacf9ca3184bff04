/** Time as the emulator sees it; milliseconds since the epoch. */
export interface Clock {
  nowMs(): number;
  /** Run once at a time or soon after; the answer cancels it. Does not keep the process alive. */
  at(atMs: number, run: () => void): () => void;
}

/** setTimeout takes at most 2^31 − 1 ms; a longer wait wakes up in between, which is harmless. */
const LONGEST_WAIT_MS = 0x7fffffff;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  at(atMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, atMs - Date.now()), LONGEST_WAIT_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
