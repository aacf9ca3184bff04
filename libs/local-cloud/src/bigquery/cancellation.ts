import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<AbortSignal>();

/** Runs `task` so that everything it asks of the database is interrupted when `signal` is aborted. */
export function cancellable<T>(signal: AbortSignal, task: () => T): T {
  return current.run(signal, task);
}

/** The signal of the task that is running, if it has one. */
export function cancellationOf(): AbortSignal | undefined {
  return current.getStore();
}
