import { decodeBase64 } from './base64.js';
import { type ParsedPush, type PubsubMessage, type RejectedPush, rejectedPush } from './push-request.js';
import { isRfc3339 } from './rfc3339.js';

type JsonObject = Readonly<Record<string, unknown>>;

const MAX_MESSAGE_ID_CHARACTERS = 128;

/** An invalid field of the envelope; `detail` is for operators. */
class EnvelopeProblem {
  constructor(readonly detail: string) {}
}

/**
 * Reads the JSON object in which Pub/Sub wraps a message and which Eventarc forwards.
 *
 * Shape: `{"message": {"messageId", "publishTime", "data"?, "attributes"?, "orderingKey"?}, "subscription"?,
 * "deliveryAttempt"?}`, each field in camelCase, in snake_case, or in both; unknown fields are ignored.
 * Outcomes: `rejected` names the first field that is wrong.
 * Source: Pub/Sub push documentation and the MessagePublishedData examples of google-cloudevents, read 2026-11-22.
 */
export function parseWrappedPush(envelope: unknown): ParsedPush | RejectedPush {
  if (!isObject(envelope)) {
    return rejectedPush('the body is not a JSON object with a message');
  }
  const source = envelope['message'];
  if (!isObject(source)) {
    return rejectedPush(
      source === undefined
        ? 'message is missing: neither a wrapped push nor, without the header x-goog-pubsub-message-id, an unwrapped one'
        : 'message is not an object',
    );
  }
  const message = readMessage(source, deliveryAttemptOf(envelope));
  if (message instanceof EnvelopeProblem) {
    return rejectedPush(message.detail);
  }
  const subscription = envelope['subscription'];
  return { kind: 'message', message, subscription: typeof subscription === 'string' ? subscription : null };
}

function readMessage(source: JsonObject, deliveryAttempt: number | null): PubsubMessage | EnvelopeProblem {
  const messageId = readString(source, 'messageId', 'message_id');
  if (messageId instanceof EnvelopeProblem) {
    return messageId;
  }
  const problemOfId = messageIdProblem(messageId);
  if (problemOfId !== null) {
    return new EnvelopeProblem(problemOfId);
  }
  const publishTime = readString(source, 'publishTime', 'publish_time');
  if (publishTime instanceof EnvelopeProblem) {
    return publishTime;
  }
  if (!isRfc3339(publishTime)) {
    return new EnvelopeProblem('message.publishTime is missing or not an RFC 3339 time');
  }
  const orderingKey = readString(source, 'orderingKey', 'ordering_key');
  if (orderingKey instanceof EnvelopeProblem) {
    return orderingKey;
  }
  const attributes = readAttributes(source['attributes']);
  if (attributes instanceof EnvelopeProblem) {
    return attributes;
  }
  const data = readBytes(source['data']);
  if (data instanceof EnvelopeProblem) {
    return data;
  }
  return {
    messageId,
    publishTime,
    attributes,
    data,
    orderingKey: orderingKey === '' ? null : orderingKey,
    deliveryAttempt,
  };
}

/** Returns the problem with a message id, or null. Every row has the id, and BigQuery accepts no longer insert id. */
export function messageIdProblem(messageId: string): string | null {
  if (messageId === '') {
    return 'message.messageId is missing';
  }
  return messageId.length > MAX_MESSAGE_ID_CHARACTERS
    ? `message.messageId has more than ${MAX_MESSAGE_ID_CHARACTERS} characters`
    : null;
}

/** Returns the string under either spelling; absent, null and empty are all `''`. */
function readString(source: JsonObject, camel: string, snake: string): string | EnvelopeProblem {
  const inCamel = source[camel] ?? '';
  const inSnake = source[snake] ?? '';
  if (typeof inCamel !== 'string' || typeof inSnake !== 'string') {
    return new EnvelopeProblem(`message.${camel} is not a string`);
  }
  if (inCamel !== '' && inSnake !== '' && inCamel !== inSnake) {
    return new EnvelopeProblem(`message.${camel} and message.${snake} differ`);
  }
  const value = inCamel === '' ? inSnake : inCamel;
  return value.isWellFormed() ? value : new EnvelopeProblem(`message.${camel} holds half a surrogate pair`);
}

function readAttributes(source: unknown): Readonly<Record<string, string>> | EnvelopeProblem {
  if (source === undefined || source === null) {
    return {};
  }
  if (!isObject(source)) {
    return new EnvelopeProblem('message.attributes is not an object');
  }
  return areStrings(source)
    ? source
    : new EnvelopeProblem('message.attributes holds a value that is not a string, or half a surrogate pair');
}

function areStrings(source: JsonObject): source is Readonly<Record<string, string>> {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (typeof value !== 'string' || !value.isWellFormed() || !key.isWellFormed()) {
      return false;
    }
  }
  return true;
}

function readBytes(source: unknown): Uint8Array | EnvelopeProblem {
  if (source === undefined || source === null) {
    return new Uint8Array();
  }
  if (typeof source !== 'string') {
    return new EnvelopeProblem('message.data is not a string');
  }
  return decodeBase64(source) ?? new EnvelopeProblem('message.data is not base64');
}

/** Pub/Sub counts deliveries only for a subscription with a dead-letter topic; zero and absent mean uncounted. */
function deliveryAttemptOf(envelope: JsonObject): number | null {
  const attempt = envelope['deliveryAttempt'] ?? envelope['delivery_attempt'];
  return typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt > 0 ? attempt : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
