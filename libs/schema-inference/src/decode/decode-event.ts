import { isUtf8 } from 'node:buffer';
import type { CompiledSchema } from '../schema/compile-schema.js';
import { MIN_BYTES_OF_TOO_MANY_VALUES, scanJson } from '../values/scan-json.js';
import { cloudEventAttributes } from './cloud-event.js';
import { DecodedEvent, type EventContent } from './decoded-event.js';
import {
  DEFAULT_EVENT_TYPE_SOURCES,
  isEventType,
  MAX_EVENT_TYPE,
  type EventTypeSource,
  type EventTypeSources,
} from './event-type-sources.js';
import { findEventType, leadingEventType, parsedEventType, type Attributes } from './find-event-type.js';
import { eventBytes, matchBytes, MAX_MATCHED_BYTES } from './match-bytes.js';
import { MatchedContent } from './matched-content.js';
import { describeNotUtf8 } from './not-json.js';
import { readContent, refusal, type SchemaOf } from './read-content.js';
import { rejected, type Rejected } from './rejection.js';
import { parsedRoot, treeRoot, type RootObject } from './root-object.js';
import { unpackData } from './unpack.js';

/** A message's content: its data as bytes and its published attributes. */
export interface EventSource {
  readonly data: Uint8Array;
  readonly attributes: Attributes;
}

export type Decoded = { readonly kind: 'event'; readonly event: DecodedEvent } | Rejected;

export interface DecodeOptions {
  /** Places of the event type; default: field and attribute `event_type`, then a CloudEvent's `type`. */
  readonly eventTypeFrom?: EventTypeSources;
  /**
   * Returns the schema that events of this type will be fitted against, if it is known. It changes no result: an event
   * that matches it is checked, fitted and written as protocol buffers in one walk over its bytes, without being parsed.
   */
  readonly schemaOf?: SchemaOf;
  /** The caller builds no row: an event that matches its schema is checked, and its fields are not written. */
  readonly verdictOnly?: boolean;
}

/**
 * Reads a message's data as one event.
 *
 * Shape: `{"event_type":"order",…}`, or any object with the attribute `event_type`, or a CloudEvent, whose `data` is then
 * the event; `eventTypeFrom` sets other places. Data with the attribute `content-encoding: gzip` is unpacked, and a byte
 * order mark is skipped.
 * Outcomes: `event`, or `rejected` with the first code that holds. Throws nothing for any bytes.
 */
export function decodeEvent({ data, attributes }: EventSource, options: DecodeOptions = {}): Decoded {
  const bytes = unpackData(data, attributes);
  if (!Buffer.isBuffer(bytes)) return bytes;
  if (!isUtf8(bytes)) return rejected('NOT_UTF8', describeNotUtf8(bytes));
  const scan = bytes.length > MIN_BYTES_OF_TOO_MANY_VALUES ? scanJson(bytes) : null;
  const refused = scan === null ? null : refusal(scan);
  if (refused !== null) return refused;

  const { schemaOf, eventTypeFrom: sources = DEFAULT_EVENT_TYPE_SOURCES, verdictOnly = false } = options;
  if (schemaOf !== undefined && bytes.length <= MAX_MATCHED_BYTES) {
    const matched = matchEvent(bytes, attributes, { schemaOf, sources, verdictOnly });
    if (matched !== null) return matched;
  }
  const content = readContent(bytes, bytes.toString(), scan, (root): CompiledSchema | null => {
    const eventType = schemaOf === undefined ? undefined : parsedEventType(root, attributes, sources);
    return eventType === undefined ? null : (schemaOf?.(eventType) ?? null);
  });
  if (content.kind === 'rejected') return content;
  const eventType =
    content.parsed === null ? undefined : parsedEventType(content.parsed, attributes, sources);
  if (eventType !== undefined && isEventType(eventType)) return decoded(eventType, attributes, content);
  return decodeRoot(content, attributes, sources);
}

interface Matching {
  readonly schemaOf: SchemaOf;
  readonly sources: EventTypeSources;
  readonly verdictOnly: boolean;
}

/** Returns the event if its bytes fit the known schema, without parsing them. Null means "unknown". */
function matchEvent(
  bytes: Buffer,
  attributes: Attributes,
  { schemaOf, sources, verdictOnly }: Matching,
): Decoded | null {
  const text = eventBytes.load(bytes);
  const found = leadingEventType(text, attributes, sources);
  if (found === null || !isEventType(found.eventType)) return null;
  const compiled = schemaOf(found.eventType);
  if (compiled === undefined) return null;
  // A field that goes before the source that was found may be in the event only if it has a column.
  if (found.absentKeys.some((key) => compiled.root.byKey.has(key))) return null;
  const comparison = matchBytes(text, compiled.root, verdictOnly);
  return comparison === null
    ? null
    : decoded(found.eventType, attributes, new MatchedContent(bytes, compiled, comparison));
}

function decodeRoot(content: EventContent, attributes: Attributes, sources: EventTypeSources): Decoded {
  const root = rootOf(content);
  if (root === null) return rejected('NOT_AN_OBJECT', 'the data is not an object');
  const found = findEventType(root, attributes, sources);
  if (found === undefined)
    return rejected('EVENT_TYPE_MISSING', `${sources.map(nameOf).join(', ')}: none is present`);
  const { eventType, source, isStructured } = found;
  const wrongData = isStructured ? dataProblem(root) : null;
  if (wrongData !== null) return rejected('NOT_AN_OBJECT', wrongData);
  if (eventType === null || !isEventType(eventType)) {
    return rejected('EVENT_TYPE_INVALID', `${nameOf(source)} ${typeProblem(eventType)}`);
  }
  if (!isStructured) return decoded(eventType, attributes, content);
  const fields = { eventType, ...cloudEventAttributes(root, attributes), isCloudEvent: true, content };
  return { kind: 'event', event: new DecodedEvent(fields) };
}

function rootOf({ parsed, tree, text }: EventContent): RootObject | null {
  if (parsed !== null) return parsedRoot(parsed);
  return tree === null ? null : treeRoot(tree, text);
}

function decoded(eventType: string, attributes: Attributes, content: EventContent): Decoded {
  const fields = { eventType, attributes, attributesText: null, isCloudEvent: false, content };
  return { kind: 'event', event: new DecodedEvent(fields) };
}

/** Returns the problem with a structured CloudEvent's data, or null. */
function dataProblem(root: RootObject): string | null {
  if (root.member('data_base64') !== undefined) return "the CloudEvent's data is binary";
  const data = root.member('data');
  if (data === undefined || data.kind === 'object') return null;
  return `the CloudEvent's data is of kind ${data.kind}, not an object`;
}

function typeProblem(eventType: string | null): string {
  if (eventType === null) return 'is not a string';
  if (eventType.length > MAX_EVENT_TYPE) {
    return `has ${eventType.length} characters; at most ${MAX_EVENT_TYPE} are allowed`;
  }
  return eventType.isWellFormed() ? 'has no letter and no digit' : 'holds an unpaired surrogate';
}

/** The source as `EVENT_TYPE_FROM` writes it. */
function nameOf(source: EventTypeSource): string {
  switch (source.kind) {
    case 'field': {
      const [key = '', ...rest] = source.path;
      if (rest.length === 0 && !key.startsWith('/')) return `field:${key}`;
      return `field:${source.path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
    }
    case 'attribute':
      return `attribute:${source.name}`;
    case 'cloudevent':
      return 'cloudevent';
    case 'constant':
      return `constant:${source.eventType}`;
  }
}
