import { isUtf8 } from 'node:buffer';
import { decodeBase64 } from './base64.js';
import { MESSAGE_ID_HEADER, parseUnwrappedPush } from './parse-unwrapped-push.js';
import { parseWrappedPush } from './parse-wrapped-push.js';
import { type ParsedPush, type PushRequest, type RejectedPush, rejectedPush } from './push-request.js';

/** The one event type that carries Pub/Sub messages. Source: Eventarc's list of event types, read 2026-11-22. */
const MESSAGE_PUBLISHED = 'google.cloud.pubsub.topic.v1.messagePublished';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/**
 * Finds the Pub/Sub message in an HTTP request.
 *
 * Shape: accepts Eventarc's delivery (binary CloudEvent: `ce-*` headers and a wrapped push), a structured CloudEvent
 * (`application/cloudevents+json`), a plain wrapped push, and an unwrapped push (`x-goog-pubsub-*` headers).
 * Outcomes: `message`, or `rejected` with `ENVELOPE_INVALID`; it never throws, whatever the bytes.
 * Limits: none; the server bounds the body's size.
 * Source: CloudEvents HTTP binding 1.0.2 §3; Eventarc and Pub/Sub push documentation, read 2026-11-22.
 */
export function parsePush(request: PushRequest): ParsedPush | RejectedPush {
  if (request.headers[MESSAGE_ID_HEADER] !== undefined) {
    return parseUnwrappedPush(request);
  }
  const contentType = mediaType(request.headers['content-type']);
  if (contentType === BATCH) {
    return rejectedPush('batches of CloudEvents are not supported; send one event per request');
  }
  const body = parseJson(request.body);
  if (body === undefined) {
    return rejectedPush(request.body.length === 0 ? 'the body is empty' : 'the body is not JSON in UTF-8');
  }
  return contentType === STRUCTURED ? parseStructured(body) : parseBinary(request, body);
}

/** Binary mode has the type in `ce-type`; a request without it is Pub/Sub's own push. */
function parseBinary(request: PushRequest, body: unknown): ParsedPush | RejectedPush {
  const type = request.headers['ce-type'];
  return type === undefined || type === MESSAGE_PUBLISHED ? parseWrappedPush(body) : otherType('ce-type');
}

function parseStructured(event: unknown): ParsedPush | RejectedPush {
  if (
    typeof event !== 'object' ||
    event === null ||
    !('specversion' in event) ||
    event.specversion !== '1.0'
  ) {
    return rejectedPush('specversion is not "1.0"');
  }
  if (!('type' in event) || event.type !== MESSAGE_PUBLISHED) {
    return otherType('type');
  }
  if ('data_base64' in event) {
    const bytes = typeof event.data_base64 === 'string' ? decodeBase64(event.data_base64) : null;
    const data = bytes === null ? undefined : parseJson(bytes);
    return data === undefined ? rejectedPush('data_base64 is not base64 of JSON') : parseWrappedPush(data);
  }
  return 'data' in event ? parseWrappedPush(event.data) : rejectedPush('data is missing');
}

function otherType(field: string): RejectedPush {
  return rejectedPush(`${field} is not ${MESSAGE_PUBLISHED}`);
}

/** Returns undefined if the bytes are not JSON in UTF-8; no JSON text means `undefined`. */
function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) {
    return undefined;
  }
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}

function mediaType(header: string | readonly string[] | undefined): string {
  const text = typeof header === 'string' ? header : (header?.[0] ?? '');
  if (text.startsWith('application/json')) {
    return 'application/json'; // nearly every request, with or without a charset
  }
  return (text.split(';', 1)[0] ?? '').trim().toLowerCase();
}
