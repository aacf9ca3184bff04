import { isUtf8 } from 'node:buffer';
import { messageIdProblem } from './parse-wrapped-push.js';
import { type ParsedPush, type PushRequest, type RejectedPush, rejectedPush } from './push-request.js';
import { isRfc3339 } from './rfc3339.js';

type Headers = PushRequest['headers'];

/** The header that marks an unwrapped push. Sent if the subscription writes metadata. */
export const MESSAGE_ID_HEADER = 'x-goog-pubsub-message-id';

/** Headers of the connection, the caller's identity and tracing: put there by HTTP, never by a publisher. */
const TRANSPORT_HEADERS = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'from',
  'host',
  'keep-alive',
  'pragma',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'traceparent',
  'tracestate',
  'grpc-trace-bin',
  'x-cloud-trace-context',
  'x-real-ip',
  'x-serverless-authorization',
]);
const TRANSPORT_PREFIXES = ['x-goog-', 'x-forwarded-', 'x-envoy-', 'x-appengine-'];

/**
 * Reads a push without a wrapper: the body is the message's data, its metadata and attributes are headers.
 *
 * Shape: `x-goog-pubsub-{message-id,publish-time,subscription-name,ordering-key,delivery-attempt}`; every other
 * header that HTTP itself does not use is an attribute. HTTP carries names in lower case, so the case of an
 * attribute's name is lost.
 * Outcomes: `rejected` if the id or the publish time is missing or wrong.
 * Source: Pub/Sub documentation on payload unwrapping, read 2026-11-22.
 */
export function parseUnwrappedPush(request: PushRequest): ParsedPush | RejectedPush {
  const repeated = repeatedMetadata(request.rawHeaders ?? []);
  if (repeated !== null) {
    return rejectedPush(`the header ${repeated} occurs twice`);
  }
  const messageId = metadata(request.headers, 'message-id') ?? '';
  const problemOfId = messageIdProblem(messageId);
  if (problemOfId !== null) {
    return rejectedPush(problemOfId);
  }
  const publishTime = metadata(request.headers, 'publish-time') ?? '';
  if (!isRfc3339(publishTime)) {
    return rejectedPush('the header x-goog-pubsub-publish-time is missing or not an RFC 3339 time');
  }
  const message = {
    messageId,
    publishTime,
    attributes: attributesOf(request.headers),
    data: request.body,
    orderingKey: metadata(request.headers, 'ordering-key'),
    deliveryAttempt: attemptOf(metadata(request.headers, 'delivery-attempt')),
  };
  return { kind: 'message', message, subscription: metadata(request.headers, 'subscription-name') };
}

/** A publisher's attribute of that name arrives as a second header. The name in lower case, or null. */
function repeatedMetadata(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!name.startsWith('x-goog-pubsub-')) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

function metadata(headers: Headers, name: string): string | null {
  const value = textOf(headers[`x-goog-pubsub-${name}`]);
  return value === '' ? null : value;
}

function attributesOf(headers: Headers): Readonly<Record<string, string>> {
  const names = Object.keys(headers).filter(
    (name) => headers[name] !== undefined && !isTransportHeader(name),
  );
  return Object.fromEntries(names.map((name) => [name, textOf(headers[name])]));
}

function isTransportHeader(name: string): boolean {
  return TRANSPORT_HEADERS.has(name) || TRANSPORT_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Node decodes header bytes as Latin-1; bytes that are UTF-8 are decoded as UTF-8 here. */
function textOf(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value?.join(', ') ?? '');
  const bytes = Buffer.from(text, 'latin1');
  const isFaithful = bytes.length === text.length && isUtf8(bytes);
  return (isFaithful ? bytes.toString('utf8') : text).toWellFormed();
}

function attemptOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
