import { makeEvents } from '../inference/fixtures.mjs';

const PUBLISHED = '2026-11-23T00:00:00.123Z';
const SUBSCRIPTION = 'projects/local-project/subscriptions/eventarc-us-central1-table-manager-sub-001';
export const KINDS = ['order', 'inventory', 'user_activity'];

/** `count` events of the three types in turn, as bytes. */
export function mixedEvents(count) {
  const events = KINDS.map((kind) => makeEvents(kind, Math.ceil(count / KINDS.length)));
  return Array.from(
    { length: count },
    (_, index) => events[index % KINDS.length][Math.floor(index / KINDS.length)],
  );
}

/** An event as Eventarc delivers it, as it is on the wire: a binary CloudEvent whose body is the wrapped push. */
export function toWire(data, messageId, publishTime = PUBLISHED) {
  const message = {
    data: data.toString('base64'),
    attributes: {},
    messageId,
    message_id: messageId,
    publishTime,
    publish_time: publishTime,
  };
  const body = Buffer.from(JSON.stringify({ message, subscription: SUBSCRIPTION }));
  const headers = {
    host: '127.0.0.1',
    'content-type': 'application/json; charset=utf-8',
    'ce-id': messageId,
    'ce-source': '//pubsub.googleapis.com/projects/local-project/topics/backend-events-topic',
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
    'ce-time': publishTime,
    'content-length': body.length,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}
