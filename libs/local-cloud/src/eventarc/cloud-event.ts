import { MESSAGE_PUBLISHED } from './trigger.js';

/** The part of a wrapped push that becomes attributes of the event. */
interface Push {
  readonly message: { readonly messageId: string; readonly publishTime: string };
}

/**
 * The headers that make a wrapped push a CloudEvent in binary mode; the body stays as it is.
 *
 * Errors: undefined for a body that is no wrapped push.
 * Source: https://cloud.google.com/eventarc/docs/cloudevents (Pub/Sub), read 2026-11-22.
 */
export function cloudEventHeaders(topic: string, body: string): Record<string, string> | undefined {
  const push = parsePush(body);
  if (push === undefined) return undefined;
  return {
    'content-type': 'application/json; charset=utf-8',
    'ce-id': push.message.messageId,
    'ce-source': `//pubsub.googleapis.com/${topic}`,
    'ce-specversion': '1.0',
    'ce-type': MESSAGE_PUBLISHED,
    'ce-time': push.message.publishTime,
  };
}

function parsePush(body: string): Push | undefined {
  let push: unknown;
  try {
    push = JSON.parse(body);
  } catch {
    return undefined;
  }
  const message = (push as { message?: { messageId?: unknown; publishTime?: unknown } } | null)?.message;
  return typeof message?.messageId === 'string' && typeof message.publishTime === 'string'
    ? { message: { messageId: message.messageId, publishTime: message.publishTime } }
    : undefined;
}
