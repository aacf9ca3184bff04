import type { Delivery } from '../backlog/backlog.js';
import type { Subscription } from '../broker/subscription.js';
import { toMessageJson } from '../rest/message-json.js';

export interface PushBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The body of a wrapped push: `{message: {data, attributes, messageId, message_id, …}, subscription}`.
 *
 * Names come in both spellings, and `deliveryAttempt` with a dead-letter policy, as the service sends them.
 * Source: https://cloud.google.com/pubsub/docs/push#receive_push, read 2026-11-22.
 */
export function wrappedBody(subscription: Subscription, delivery: Delivery): PushBody {
  const message = toMessageJson(delivery.message);
  const deliveryAttempt = subscription.shownAttempt(delivery);
  const body = {
    message: { ...message, message_id: message.messageId, publish_time: message.publishTime },
    subscription: subscription.name,
    ...(deliveryAttempt === 0 ? {} : { deliveryAttempt }),
  };
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}
