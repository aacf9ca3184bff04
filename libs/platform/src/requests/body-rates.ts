/** A body that has not arrived completely. */
export interface ArrivingBody {
  /** Bytes that arrived so far. */
  readonly length: number;
  /** Called once if too little arrived within a window; the body is not watched any more. */
  readonly onTooSlow: (bytesInWindow: number) => void;
}

interface Window {
  startLength: number;
  ticks: number;
}

const TICKS_PER_WINDOW = 10;
/** A tick that comes later than this, in ticks, shows that this process was busy, and not that a sender is slow. */
const LATE = 1.5;

/**
 * Watches the rate of arriving bodies: each must bring its share in every window until it is complete.
 *
 * One interval serves all bodies. A tick that comes late counts for none, because what a sender sent meanwhile could not
 * be read; before a body is judged, its socket gets one more turn.
 */
export class BodyRates {
  readonly minBytes: number;
  readonly #tickMs: number;
  readonly #now: () => number;
  readonly #bodies = new Map<ArrivingBody, Window>();
  #interval: NodeJS.Timeout | null = null;
  #tickedAtMs = 0;

  /**
   * @param minBytes bytes that must arrive within each window
   * @param now monotonic time in milliseconds
   */
  constructor(windowMs: number, minBytes: number, now: () => number = () => performance.now()) {
    this.#tickMs = windowMs / TICKS_PER_WINDOW;
    this.minBytes = minBytes;
    this.#now = now;
  }

  watch(body: ArrivingBody): void {
    this.#bodies.set(body, { startLength: 0, ticks: 0 });
    if (this.#interval !== null) return;
    this.#tickedAtMs = this.#now();
    this.#interval = setInterval(() => {
      this.#tick();
    }, this.#tickMs).unref();
  }

  forget(body: ArrivingBody): void {
    this.#bodies.delete(body);
  }

  #tick(): void {
    if (this.#bodies.size === 0) {
      if (this.#interval !== null) clearInterval(this.#interval);
      this.#interval = null;
      return;
    }
    const nowMs = this.#now();
    const isLate = nowMs - this.#tickedAtMs > this.#tickMs * LATE;
    this.#tickedAtMs = nowMs;
    if (isLate) return;
    for (const [body, window] of this.#bodies) {
      window.ticks++;
      // The first tick of a body may follow its start at once.
      if (window.ticks > TICKS_PER_WINDOW) {
        setImmediate(() => {
          this.#judge(body, window);
        });
      }
    }
  }

  #judge(body: ArrivingBody, window: Window): void {
    if (this.#bodies.get(body) !== window) return;
    const bytes = body.length - window.startLength;
    if (bytes < this.minBytes) {
      this.forget(body);
      body.onTooSlow(bytes);
      return;
    }
    window.startLength = body.length;
    window.ticks = 1;
  }
}
