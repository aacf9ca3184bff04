import { sleep } from '@pipeline/google-clients';

/** Runs a task again and again until it is stopped, with a pause before each run. The task handles its own failures. */
export class Repeating {
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  start(pauseMs: number, task: () => Promise<void>): void {
    this.#loop = this.#repeat(pauseMs, task);
  }

  /** Resolves when no run is in progress, and none will begin. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(pauseMs: number, task: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await sleep(pauseMs, signal);
      if (signal.aborted) return;
      await task();
    }
  }
}
