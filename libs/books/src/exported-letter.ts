import { parse, stringify } from 'lossless-json';
import type { ReplayCandidate } from './replay-candidates.js';

/** Members that hold the payload, of which a line has one. */
type Payload = { readonly event: unknown } | { readonly text: string } | { readonly base64: string };

/**
 * One line of an export: a dead letter for a person to mend.
 *
 * Shape: `{"message_id":"7","reason":"EVENT_TYPE_MISSING","attributes":{},"event":{"n":1.10}}`. The payload is `event` if
 * it is JSON (every digit as published), `text` if it is other UTF-8 text, else `base64`.
 */
export function exportLine({ message, reason, table }: ReplayCandidate): string {
  const { messageId, publishedAt, attributes, data } = message;
  const line = {
    message_id: messageId,
    publish_time: publishedAt,
    reason,
    table,
    attributes,
    ...payloadOf(data),
  };
  return stringify(line) ?? '';
}

function payloadOf(data: Buffer): Payload {
  const text = data.toString();
  if (!Buffer.from(text).equals(data)) return { base64: data.toString('base64') };
  try {
    return { event: parse(text) };
  } catch {
    return { text };
  }
}

/** A mended line: the message to publish, and the id of the original. */
export interface MendedLetter {
  readonly messageId: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Reads a line of an export, mended or not.
 *
 * @throws SyntaxError with what the line lacks
 */
export function readMendedLine(line: Buffer): MendedLetter {
  const value = parse(line.toString());
  const members = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { message_id: messageId, attributes = {}, event, text, base64 } = members;
  if (typeof messageId !== 'string') throw new SyntaxError('the line has no message_id');
  if (!isAttributes(attributes)) throw new SyntaxError('attributes are an object of texts');
  const payloads = [
    ...(event === undefined ? [] : [Buffer.from(stringify(event) ?? '')]),
    ...(typeof text === 'string' ? [Buffer.from(text)] : []),
    ...(typeof base64 === 'string' ? [Buffer.from(base64, 'base64')] : []),
  ];
  const [data] = payloads;
  if (data === undefined || payloads.length > 1)
    throw new SyntaxError('the line has not exactly one of event, text and base64');
  return { messageId, data, attributes };
}

function isAttributes(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
