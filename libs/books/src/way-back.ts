import {
  DEFAULT_EVENT_TYPE_SOURCES,
  type Decoded,
  type EventSource,
  type RejectionCode,
} from '@pipeline/schema-inference';
import { editEvent, parseJsonPatch, splitEvents } from './edit-event.js';
import { decodeRouted, type EventRouting } from './event-routing.js';
import { pointerTo } from './pointer.js';

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

/** The bytes of a dead letter, today's verdict on them, and the settings that it follows. */
export interface LetterVerdict {
  /** Null if the bytes are unknown. */
  readonly raw: { readonly data: Buffer; readonly attributes: EventSource['attributes'] } | null;
  readonly decoded: Decoded | null;
  readonly routing: EventRouting;
  /** Completes a command of a hint. */
  readonly command?: (words: string) => string;
}

export function pipelineCommand(words: string): string {
  return `pipeline ${words}`;
}

/**
 * The command that makes a row of a dead letter.
 *
 * Bytes that would be a dead letter again are never recommended for a replay: they need an edit, a split, or a mended copy.
 */
export function wayBack(
  messageId: string,
  { raw, decoded, routing, command = pipelineCommand }: LetterVerdict,
): string[] {
  if (decoded?.kind !== 'rejected')
    return [`Once the cause is gone, bring it back with: ${command(`replay --id ${messageId}`)}`];
  const again = 'The same bytes would be a dead letter again.';
  const { code } = decoded;
  if (
    raw !== null &&
    (code === 'NOT_AN_OBJECT' || code === 'NOT_JSON') &&
    splitEvents(raw.data).kind === 'split'
  )
    return [`${again} Publish each of its events with: ${command(`replay --id ${messageId} --split`)}`];
  if (raw !== null && (code === 'EVENT_TYPE_MISSING' || code === 'EVENT_TYPE_INVALID')) {
    const edit = typeEdit(raw, routing);
    if (edit !== null)
      return [`${again} Give it a type with: ${command(`replay --id ${messageId} --edit '${edit}'`)}`];
  }
  return [
    `${again} Export it, ${BY_EXPORT[code] ?? 'correct it'}, and publish the mended copy: ` +
      `${command(`dead-letters export --id ${messageId} --output mended.ndjson`)}, then ${command('backfill mended.ndjson --format dead-letters')}`,
  ];
}

/** The first edit that gives a message a type at a place where the services look for it; null if none does. */
function typeEdit({ data, attributes }: EventSource, routing: EventRouting): string | null {
  const event = parsed(Buffer.from(data));
  const { eventTypeFrom = DEFAULT_EVENT_TYPE_SOURCES } = routing;
  const patches = eventTypeFrom.flatMap((source) =>
    source.kind === 'field' ? (addition(event, source.path) ?? []) : [],
  );
  const patch = patches.find((text) => {
    const edited = editEvent(Buffer.from(data), parseJsonPatch(text));
    if (edited.kind === 'impossible') return false;
    return decodeRouted({ data: edited.data, attributes }, routing).kind === 'event';
  });
  return patch?.replaceAll("'", String.raw`'\''`) ?? null;
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString().replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}

/** A patch that sets a member, with the objects above it that the event lacks; null if a value is in their place. */
function addition(event: unknown, path: readonly string[]): string | null {
  const operations: object[] = [];
  let value: unknown = event;
  for (const [index, step] of path.slice(0, -1).entries()) {
    if (!isObject(value)) return null;
    value = value[step];
    if (value === undefined || value === null) {
      value = {};
      operations.push({ op: 'add', path: pointerTo(path.slice(0, index + 1)), value });
    }
  }
  if (!isObject(value)) return null;
  return JSON.stringify([...operations, { op: 'add', path: pointerTo(path), value: 'TYPE' }]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
