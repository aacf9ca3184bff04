interface Waiter {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bounds the memory of the events that are handled at one time. Others wait, in the order in which they came; an event
 * heavier than the limit is admitted if it is alone.
 */
export class WorkingMemory {
  readonly #maxBytes: number;
  readonly #waiting: Waiter[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Memory of the events that are being handled. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Runs the work once there is room. @returns null if there was none within `waitMs`; then nothing was done */
  async run<T>(bytes: number, waitMs: number, work: () => Promise<T>): Promise<T | null> {
    if (!(await this.#admit(bytes, waitMs))) return null;
    try {
      return await work();
    } finally {
      this.#bytes -= bytes;
      this.#startWaiting();
    }
  }

  #admit(bytes: number, waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(false);
        this.#startWaiting();
      }, waitMs);
      const waiter: Waiter = {
        bytes,
        start: () => {
          clearTimeout(timer);
          this.#bytes += bytes;
          resolve(true);
        },
      };
      this.#waiting.push(waiter);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#bytes > 0 && this.#bytes + next.bytes > this.#maxBytes) return;
      this.#waiting.shift();
      next.start();
    }
  }
}
