import { isUtf8 } from 'node:buffer';
import { cloudEventAttributes, isCloudEvent } from './cloud-event.js';
import { DecodedEvent, type EventContent } from './decoded-event.js';
import { leadingEventType, matchesBytes } from './match-bytes.js';
import { MatchedContent } from './matched-content.js';
import { parsedEventType, readContent, refusal, type SchemaOf } from './read-content.js';
import { rejected, type Rejected } from './rejection.js';
import { parsedRoot, treeRoot, type RootObject } from './root-object.js';
import { MIN_BYTES_OF_TOO_MANY_VALUES, scanJson } from '../values/scan-json.js';

/** A message's content: its data as bytes and its published attributes. */
export interface EventSource {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Decoded = { readonly kind: 'event'; readonly event: DecodedEvent } | Rejected;

export interface DecodeOptions {
  /**
   * Returns the schema that events of this type will be fitted against, if it is known. It changes no result: an event
   * that matches it is checked and fitted in one walk, which is the fast path of `fit` with the same compiled schema.
   */
  readonly schemaOf?: SchemaOf;
  /**
   * With `schemaOf`: the caller needs no row, so an event that matches is not parsed. A row may still be requested; it
   * then costs the parsing that was saved.
   */
  readonly verdictOnly?: boolean;
}

/**
 * Reads a message's data as one event.
 *
 * Shape: `{"event_type":"order",…}`, or any object with the attribute `event_type`, or a CloudEvent, whose `data` is then
 * the event.
 * Outcomes: `event`, or `rejected` with the first code that holds. Throws nothing for any bytes.
 */
export function decodeEvent({ data, attributes }: EventSource, options: DecodeOptions = {}): Decoded {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!isUtf8(bytes)) return rejected('NOT_UTF8', 'the data is not UTF-8');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return rejected('NOT_UTF8', 'the data begins with a byte order mark');
  }
  const scan = bytes.length > MIN_BYTES_OF_TOO_MANY_VALUES ? scanJson(bytes) : null;
  const refused = scan === null ? null : refusal(scan);
  if (refused !== null) return refused;
  if (options.verdictOnly === true && options.schemaOf !== undefined) {
    const matched = matchEvent(bytes, attributes, options.schemaOf);
    if (matched !== null) return matched;
  }
  const content = readContent(bytes, bytes.toString(), attributes, options.schemaOf, scan);
  if (content.kind === 'rejected') return content;
  const eventType = content.parsed === null ? undefined : parsedEventType(content.parsed, attributes);
  if (eventType !== undefined && isEventType(eventType)) return decoded(eventType, attributes, content);
  return decodeRoot(content, attributes);
}

/** Returns the event if its bytes fit the known schema, without parsing them. Null means "unknown". */
function matchEvent(
  bytes: Buffer,
  attributes: Readonly<Record<string, string>>,
  schemaOf: SchemaOf,
): Decoded | null {
  const field = leadingEventType(bytes);
  const eventType = field ?? attributes['event_type'];
  if (typeof eventType !== 'string' || !isEventType(eventType)) return null;
  const compiled = schemaOf(eventType);
  if (compiled === undefined || !matchesBytes(bytes, compiled.root)) return null;
  // The attribute is the type only where the field is absent: the column of that key was not matched by anything.
  if (field === null && compiled.root.byKey.has('event_type')) return null;
  return decoded(eventType, attributes, new MatchedContent(bytes, compiled));
}

function decodeRoot(content: EventContent, attributes: Readonly<Record<string, string>>): Decoded {
  const root = rootOf(content);
  if (root === null) return rejected('NOT_AN_OBJECT', 'the data is not an object');
  const field = root.member('event_type');
  const attribute = Object.hasOwn(attributes, 'event_type') ? attributes['event_type'] : undefined;
  if (field === undefined && attribute === undefined && isCloudEvent(root)) {
    return decodeCloudEvent(root, content, attributes);
  }
  const eventType = field === undefined ? attribute : field.string;
  if (eventType === undefined)
    return rejected('EVENT_TYPE_MISSING', 'neither field nor attribute event_type');
  if (eventType === null) return rejected('EVENT_TYPE_INVALID', 'event_type is not a string');
  if (!isEventType(eventType)) return rejected('EVENT_TYPE_INVALID', invalidType('event_type', eventType));
  return decoded(eventType, attributes, content);
}

function rootOf({ parsed, tree, text }: EventContent): RootObject | null {
  if (parsed !== null) return parsedRoot(parsed);
  return tree === null ? null : treeRoot(tree, text);
}

function decoded(
  eventType: string,
  attributes: Readonly<Record<string, string>>,
  content: EventContent,
): Decoded {
  const event = new DecodedEvent({
    eventType,
    attributes,
    attributesText: null,
    isCloudEvent: false,
    content,
  });
  return { kind: 'event', event };
}

function decodeCloudEvent(
  root: RootObject,
  content: EventContent,
  published: Readonly<Record<string, string>>,
): Decoded {
  const data = root.member('data');
  if (root.member('data_base64') !== undefined)
    return rejected('NOT_AN_OBJECT', "the CloudEvent's data is binary");
  if (data !== undefined && data.kind !== 'object') {
    return rejected('NOT_AN_OBJECT', `the CloudEvent's data is of kind ${data.kind}, not an object`);
  }
  const eventType = root.member('type')?.string ?? '';
  if (!isEventType(eventType)) return rejected('EVENT_TYPE_INVALID', invalidType('type', eventType));
  const attributes = cloudEventAttributes(root, published);
  return {
    kind: 'event',
    event: new DecodedEvent({ eventType, ...attributes, isCloudEvent: true, content }),
  };
}

function invalidType(name: string, text: string): string {
  if (text.length > MAX_EVENT_TYPE)
    return `${name} has ${text.length} characters; at most ${MAX_EVENT_TYPE} are allowed`;
  return text.isWellFormed() ? `${name} has no letter and no digit` : `${name} holds an unpaired surrogate`;
}

/** UTF-16 units of an event type: it is in log lines, labels and every row. */
const MAX_EVENT_TYPE = 1_024;

/** True if the text is Unicode, not too long, and has a letter or digit. */
function isEventType(text: string): boolean {
  return (
    text.length <= MAX_EVENT_TYPE &&
    text.isWellFormed() &&
    (startsWithLetter(text) || /[\p{L}\p{Nd}]/u.test(text))
  );
}

/** The common case, without the regular expression. */
function startsWithLetter(text: string): boolean {
  const code = text.charCodeAt(0) | 32;
  return code >= 97 && code <= 122;
}
