import { AsyncLocalStorage } from 'node:async_hooks';
import { cancellationOf } from './cancellation.js';
import { OutOfMemory } from './rules/out-of-memory.js';

/**
 * The statements and requests that use the database's memory now, in the order of their start.
 *
 * DuckDB fails the statement that asks for memory when there is none, which is rarely the one that has used it up. So
 * the oldest is charged: a younger one that fails for memory waits until those have ended that ran when it began, and runs
 * once more. It must have no effect when it fails, and hold no lock of a table outside of its task.
 */
export class RunningStatements {
  readonly #running = new Set<Promise<undefined>>();
  readonly #inside = new AsyncLocalStorage<true>();

  /**
   * Runs `task`, again if need be. A task inside of another belongs to that.
   *
   * Errors: what `task` throws; {@link OutOfMemory} when it is charged; the reason of a cancellation while it waits.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#inside.getStore() === true) return task();
    const ended = Promise.withResolvers<undefined>();
    const older = [...this.#running];
    this.#running.add(ended.promise);
    try {
      return await this.#inside.run(true, () => this.#attempts(task, older));
    } catch (error) {
      throw OutOfMemory.of(error) ?? error;
    } finally {
      this.#running.delete(ended.promise);
      ended.resolve(undefined);
    }
  }

  async #attempts<T>(task: () => Promise<T>, older: readonly Promise<undefined>[]): Promise<T> {
    try {
      return await task();
    } catch (error) {
      // Some of them may have ended since: they had the memory all the same.
      if (OutOfMemory.of(error) === undefined || older.length === 0) throw error;
      await unlessCancelled(Promise.all(older));
      return task();
    }
  }
}

async function unlessCancelled(wait: Promise<unknown>): Promise<void> {
  const signal = cancellationOf();
  if (signal === undefined) {
    await wait;
    return;
  }
  const aborted = Promise.withResolvers<undefined>();
  const onAbort = (): void => {
    aborted.resolve(undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([wait, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
}
