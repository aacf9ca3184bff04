import type { Delivery } from '../backlog/backlog.js';
import { Consumer } from '../backlog/consumer.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import { invalidArgument } from '../wire/status.js';

/** Most bytes of messages in one answer; the first message is delivered whatever its size. */
export const MAX_ANSWER_BYTES = 4_000_000;

/** Longest wait of a pull for its first message; the service says "a bounded amount of time". */
const PULL_WAIT_MS = 10_000;

const MAX_PULLED_MESSAGES = 1_000;

/**
 * Take messages for one pull call: at once if there are any, else when the first one comes.
 *
 * Outcome: no messages after 10 s, at once with `returnImmediately`, or when the caller goes away.
 * Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/pull, read 2026-11-22.
 */
export function pull(
  subscription: Subscription,
  request: { readonly maxMessages: number; readonly returnImmediately: boolean },
  callerGone: AbortSignal,
): Promise<Delivery[]> {
  if (request.maxMessages <= 0) {
    throw invalidArgument(`Invalid maxMessages: ${request.maxMessages}; it must be greater than 0.`);
  }
  subscription.checkAttached();
  const consumer = new Consumer();
  const limits = {
    maxMessages: Math.min(request.maxMessages, MAX_PULLED_MESSAGES),
    maxBytes: MAX_ANSWER_BYTES,
  };
  const first = subscription.take(consumer, limits);
  if (first.length > 0 || request.returnImmediately || callerGone.aborted) return Promise.resolve(first);
  return new Promise((resolve, reject) => {
    const finish = (deliveries: Delivery[]): void => {
      clearTimeout(timer);
      callerGone.removeEventListener('abort', giveUp);
      subscription.removeTaker(taker);
      resolve(deliveries);
    };
    const giveUp = (): void => {
      finish([]);
    };
    const taker: Taker = {
      offer() {
        const deliveries = subscription.take(consumer, limits);
        if (deliveries.length > 0) finish(deliveries);
      },
      end(reason) {
        reject(reason);
        finish([]);
      },
    };
    const timer = setTimeout(giveUp, PULL_WAIT_MS);
    callerGone.addEventListener('abort', giveUp);
    subscription.addTaker(taker);
  });
}
