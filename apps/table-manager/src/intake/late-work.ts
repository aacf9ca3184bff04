import { LRUCache } from 'lru-cache';
import type { HandledEvent } from './event-outcome.js';

const MAX_DELIVERIES = 1_000;
/** The longest time that Pub/Sub waits before it redelivers. Source: Pub/Sub retry policy, maximum backoff. */
const REDELIVERY_MS = 600_000;

/**
 * The work of heavy events that outlasts its delivery, so that a redelivery joins it and does not repeat it.
 *
 * Only an outcome that came after half of the delivery's time is kept, because its answer may be too late for Pub/Sub: for
 * ten minutes, and never `held`. A message that was acknowledged quickly and is delivered again, for example after a seek,
 * is handled again.
 */
export class LateWork {
  readonly #works = new LRUCache<string, Promise<HandledEvent>>({
    max: MAX_DELIVERIES,
    ttl: REDELIVERY_MS,
    perf: Date,
  });

  /**
   * Returns the work of an earlier delivery, or starts it.
   * @param key subscription and message id of the delivery; null if unknown: then nothing is joined
   * @param start gets false if no redelivery can join the work
   */
  join(
    key: string | null,
    deadlineAtMs: number,
    start: (mayBeJoined: boolean) => Promise<HandledEvent>,
  ): Promise<HandledEvent> {
    if (key === null) return start(false);
    const earlier = this.#works.get(key);
    if (earlier !== undefined) return earlier;
    const keptFromMs = (Date.now() + deadlineAtMs) / 2;
    const work = start(true);
    this.#works.set(key, work);
    const forget = (): void => {
      if (this.#works.peek(key) === work) this.#works.delete(key);
    };
    work.then(({ outcome }) => {
      if (outcome.kind === 'held' || Date.now() < keptFromMs) forget();
    }, forget);
    return work;
  }
}
