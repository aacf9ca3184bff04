/**
 * Lets many readers of a table run side by side, and a change of its files alone.
 *
 * Readers enter several gates at once and wait outside of all of them, so that no circle of waiting can arise. A waiting
 * change holds back new readers.
 */
export class ReadGate {
  #readers = 0;
  #closed: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  get isIdle(): boolean {
    return this.#readers === 0 && this.#closed === undefined;
  }

  /** Enters all gates together; `check` runs at that moment, without a pause, and may refuse by throwing. */
  static async enter<T>(gates: readonly ReadGate[], check: () => void, task: () => Promise<T>): Promise<T> {
    for (;;) {
      const closed = gates.find((gate) => gate.#closed !== undefined);
      if (closed === undefined) break;
      await closed.#closed;
    }
    check();
    for (const gate of gates) gate.#readers += 1;
    try {
      return await task();
    } finally {
      for (const gate of gates) gate.#leave();
    }
  }

  /** Runs `task` while no reader is inside. Callers do not overlap: a table's write queue runs one at a time. */
  async alone<T>(task: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#closed = promise;
    try {
      if (this.#readers > 0)
        await new Promise<void>((drained) => {
          this.#drained = drained;
        });
      return await task();
    } finally {
      this.#closed = undefined;
      resolve(undefined);
    }
  }

  #leave(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.#drained?.();
    this.#drained = undefined;
  }
}
