import type { Consumer } from './consumer.js';
import type { OrderingKeyQueue } from './ordering-key-queue.js';
import type { StoredMessage } from './message.js';

/**
 * One message in one subscription.
 *
 * States: `ready` (may be delivered) → `leased` (a consumer has it) → `acked`, or back to `ready`, by way of
 * `waiting` where a retry policy or push back-off applies; `forwarding` while its dead letter is published.
 */
export interface Entry {
  readonly message: StoredMessage;
  readonly keyQueue: OrderingKeyQueue | null;
  state: 'ready' | 'leased' | 'waiting' | 'forwarding' | 'acked' | 'gone';
  /** Grows with every delivery and every end of one; an ack id of an earlier one is stale. */
  generation: number;
  /** Finished and current deliveries, as `delivery_attempt` counts them. */
  attempts: number;
  /** When the lease ends (`leased`) or the wait is over (`waiting`); milliseconds since the epoch. */
  untilMs: number;
  consumer: Consumer | null;
}
