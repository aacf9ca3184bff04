import type { Decoded, RejectionCode } from '@pipeline/schema-inference';
import { splitEvents } from './edit-event.js';

/** The edit that gives a message without an event type one. */
const ADD_TYPE = '[{"op":"add","path":"/event_type","value":"TYPE"}]';

/** Reasons that a producer has to end: no edit of one message helps the next. */
const BY_EXPORT: Readonly<Partial<Record<RejectionCode, string>>> = {
  NOT_DECOMPRESSIBLE: 'send the data again without the attribute content-encoding, or complete',
  NOT_UTF8: 'encode the text as UTF-8',
  TOO_DEEP: 'flatten what is nested',
  NOT_JSON: 'correct the JSON',
  DUPLICATE_KEY: 'rename one of the keys',
  KEY_NOT_UNICODE: 'rename the key',
  NOT_AN_OBJECT: 'wrap the value in an object',
  TOO_LARGE: 'divide the event into smaller ones',
};

/**
 * The command that makes a row of a dead letter.
 *
 * Bytes that would be a dead letter again are never recommended for a replay: they need an edit, a split, or a mended copy.
 * @param decoded today's verdict on the bytes; null if the bytes are unknown
 */
export function wayBack(messageId: string, data: Buffer | null, decoded: Decoded | null): string[] {
  if (decoded?.kind !== 'rejected')
    return [`Once the cause is gone, bring it back with: pipeline replay --id ${messageId}`];
  const again = 'The same bytes would be a dead letter again.';
  const { code } = decoded;
  if (
    data !== null &&
    (code === 'NOT_AN_OBJECT' || code === 'NOT_JSON') &&
    splitEvents(data).kind === 'split'
  )
    return [`${again} Publish each of its events with: pipeline replay --id ${messageId} --split`];
  if (code === 'EVENT_TYPE_MISSING' || code === 'EVENT_TYPE_INVALID')
    return [`${again} Give it a type with: pipeline replay --id ${messageId} --edit '${ADD_TYPE}'`];
  return [
    `${again} Export it, ${BY_EXPORT[code] ?? 'correct it'}, and publish the mended copy: ` +
      `pipeline dead-letters export --id ${messageId} --output mended.ndjson, then pipeline backfill mended.ndjson --format dead-letters`,
  ];
}
