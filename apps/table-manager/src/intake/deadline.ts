import type { EventOutcome } from './event-outcome.js';

/** The result of work that took too long. */
export const TOO_LATE = Symbol('TOO_LATE');

/** Returns the promise's value, or {@link TOO_LATE} at the deadline (epoch milliseconds). The work itself goes on. */
export function untilDeadline<T>(work: Promise<T>, deadlineAtMs: number): Promise<T | typeof TOO_LATE> {
  // One promise instead of a race of two: every row passes here.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.max(0, deadlineAtMs - Date.now()), TOO_LATE);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (cause: unknown) => {
        clearTimeout(timer);
        reject(cause instanceof Error ? cause : new Error(String(cause)));
      },
    );
  });
}

/** The outcome of an event whose delivery was answered 503 already: nothing new is made durable for it. */
export function timeIsOver(table: string | null): Extract<EventOutcome, { kind: 'held' }> {
  const detail = 'The time of this delivery is over';
  return { kind: 'held', table, code: 'NOT_IN_TIME', disposition: 'transient', detail };
}
