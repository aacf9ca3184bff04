import { invalidArgument } from '../wire/status.js';

/** A message to be published. */
export interface NewMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** Source: https://cloud.google.com/pubsub/quotas#resource_limits, read 2026-11-22. Sizes in bytes. */
export const PUBLISH_LIMITS = {
  messages: 1_000,
  requestBytes: 10_485_760,
  attributes: 100,
  attributeKeyBytes: 256,
  attributeValueBytes: 1_024,
  orderingKeyBytes: 1_024,
} as const;

/** The size of a message as the limits count it. */
export function messageBytes(message: NewMessage): number {
  let bytes = message.data.length + Buffer.byteLength(message.orderingKey);
  for (const key in message.attributes) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(message.attributes[key] ?? '');
  }
  return bytes;
}

/** Errors: INVALID_ARGUMENT, naming the limit; then no message of the request is published. */
export function checkMessages(messages: readonly NewMessage[]): void {
  if (messages.length === 0) throw invalidArgument('The publish request must contain at least one message.');
  if (messages.length > PUBLISH_LIMITS.messages) {
    throw tooLarge('message_count', messages.length, PUBLISH_LIMITS.messages);
  }
  let bytes = 0;
  for (const message of messages) {
    checkMessage(message);
    bytes += messageBytes(message);
  }
  if (bytes > PUBLISH_LIMITS.requestBytes) throw tooLarge('request_size', bytes, PUBLISH_LIMITS.requestBytes);
}

function tooLarge(what: string, value: number, maximum: number): Error {
  return invalidArgument(
    `The value for ${what} is too large. You passed ${value} in the request, but the maximum value is ${maximum}.`,
  );
}

function checkMessage(message: NewMessage): void {
  const keys = Object.keys(message.attributes);
  if (message.data.length === 0 && keys.length === 0) {
    throw invalidArgument('One or more messages in the publish request is empty: no data and no attributes.');
  }
  if (keys.length > PUBLISH_LIMITS.attributes) {
    throw tooLarge('attribute_count', keys.length, PUBLISH_LIMITS.attributes);
  }
  const orderingKeyBytes = Buffer.byteLength(message.orderingKey);
  if (orderingKeyBytes > PUBLISH_LIMITS.orderingKeyBytes) {
    throw tooLarge('ordering_key_size', orderingKeyBytes, PUBLISH_LIMITS.orderingKeyBytes);
  }
  for (const key of keys) checkAttribute(key, message.attributes[key] ?? '');
}

function checkAttribute(key: string, value: string): void {
  const keyBytes = Buffer.byteLength(key);
  const valueBytes = Buffer.byteLength(value);
  if (key === '') throw invalidArgument('Attribute keys must not be empty.');
  if (key.startsWith('goog')) throw invalidArgument(`Attribute key "${key}" must not start with "goog".`);
  if (keyBytes > PUBLISH_LIMITS.attributeKeyBytes) {
    throw tooLarge('attribute_key_size', keyBytes, PUBLISH_LIMITS.attributeKeyBytes);
  }
  if (valueBytes > PUBLISH_LIMITS.attributeValueBytes) {
    throw tooLarge('attribute_value_size', valueBytes, PUBLISH_LIMITS.attributeValueBytes);
  }
}
