import type { Delivery } from '../backlog/backlog.js';
import type { Subscription } from '../broker/subscription.js';
import { toMessageJson } from '../rest/message-json.js';
import { formatTimestampMs } from '../wire/times.js';

export interface PushBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Valid names and values of headers; other attributes are not sent as headers. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that say how the request is made; an attribute must not replace them. */
const OWN_HEADERS = new Set(['authorization', 'connection', 'content-length', 'host', 'transfer-encoding']);

export function pushBody(subscription: Subscription, delivery: Delivery): PushBody {
  const noWrapper = subscription.resource.pushConfig?.noWrapper;
  return noWrapper === undefined
    ? wrappedBody(subscription, delivery)
    : unwrappedBody(subscription, delivery, noWrapper.writeMetadata ?? false);
}

/**
 * The body of a wrapped push: `{message: {data, attributes, messageId, message_id, …}, subscription}`.
 *
 * Names come in both spellings, and `deliveryAttempt` with a dead-letter policy, as the service sends them.
 * Source: https://cloud.google.com/pubsub/docs/push#receive_push, read 2026-11-22.
 */
function wrappedBody(subscription: Subscription, delivery: Delivery): PushBody {
  const message = toMessageJson(delivery.message);
  const deliveryAttempt = subscription.shownAttempt(delivery);
  const body = {
    message: { ...message, message_id: message.messageId, publish_time: message.publishTime },
    subscription: subscription.name,
    ...(deliveryAttempt === 0 ? {} : { deliveryAttempt }),
  };
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

/**
 * The body of an unwrapped push: the data itself; with metadata, `x-goog-pubsub-*` headers and one per attribute.
 *
 * Source: https://cloud.google.com/pubsub/docs/payload-unwrapping, read 2026-11-22.
 */
function unwrappedBody(subscription: Subscription, delivery: Delivery, writeMetadata: boolean): PushBody {
  const { message } = delivery;
  if (!writeMetadata) return { headers: {}, body: message.data };
  const attempt = subscription.shownAttempt(delivery);
  const headers = {
    ...attributeHeaders(message.attributes),
    'x-goog-pubsub-subscription-name': subscription.name,
    'x-goog-pubsub-message-id': String(message.id),
    'x-goog-pubsub-publish-time': formatTimestampMs(message.publishTimeMs),
    ...(message.orderingKey === '' ? {} : { 'x-goog-pubsub-ordering-key': message.orderingKey }),
    ...(attempt === 0 ? {} : { 'x-goog-pubsub-delivery-attempt': String(attempt) }),
  };
  return { headers, body: message.data };
}

/** Publishers set attributes, so an attribute must not pass for the service's metadata in any spelling. */
function isReserved(name: string): boolean {
  return OWN_HEADERS.has(name) || name.startsWith('x-goog-');
}

function attributeHeaders(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => HEADER_NAME.test(key) && HEADER_VALUE.test(value) && !isReserved(key.toLowerCase()),
    ),
  );
}
