/** A body that has not arrived completely. */
export interface ArrivingBody {
  /** Bytes that arrived so far. */
  readonly length: number;
  /** Called once if too little arrived within a window; the body is not watched any more. */
  readonly onTooSlow: (bytesInWindow: number) => void;
}

/** @internal A body and its window. */
export interface WatchedBody {
  readonly body: ArrivingBody;
  /** Place among the watched bodies; negative once it is not watched any more. */
  place: number;
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
  /** In no order: every request is here for a moment, and a map would hash each. */
  readonly #bodies: WatchedBody[] = [];
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

  watch(body: ArrivingBody): WatchedBody {
    const watched = { body, place: this.#bodies.length, startLength: 0, ticks: 0 };
    this.#bodies.push(watched);
    if (this.#interval === null) this.#start();
    return watched;
  }

  #start(): void {
    this.#tickedAtMs = this.#now();
    this.#interval = setInterval(() => {
      this.#tick();
    }, this.#tickMs).unref();
  }

  /** Does nothing for a body that is not watched any more. */
  forget(watched: WatchedBody): void {
    const { place } = watched;
    const last = this.#bodies[this.#bodies.length - 1];
    if (place < 0 || last === undefined) return;
    this.#bodies[place] = last;
    last.place = place;
    this.#bodies.pop();
    watched.place = -1;
  }

  #tick(): void {
    if (this.#bodies.length === 0) {
      if (this.#interval !== null) clearInterval(this.#interval);
      this.#interval = null;
      return;
    }
    const nowMs = this.#now();
    const isLate = nowMs - this.#tickedAtMs > this.#tickMs * LATE;
    this.#tickedAtMs = nowMs;
    if (isLate) return;
    for (const watched of this.#bodies) {
      watched.ticks++;
      // The first tick of a body may follow its start at once.
      if (watched.ticks > TICKS_PER_WINDOW) {
        setImmediate(() => {
          this.#judge(watched);
        });
      }
    }
  }

  #judge(watched: WatchedBody): void {
    if (watched.place < 0) return;
    const { body } = watched;
    const bytes = body.length - watched.startLength;
    if (bytes < this.minBytes) {
      this.forget(watched);
      body.onTooSlow(bytes);
      return;
    }
    watched.startLength = body.length;
    watched.ticks = 1;
  }
}
