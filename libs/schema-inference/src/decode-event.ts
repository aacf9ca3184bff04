import { isUtf8 } from 'node:buffer';
import { DecodedEvent } from './decoded-event.js';
import { isTooDeep } from './json-depth.js';
import type { JsonNode, ObjectNode } from './json-tree.js';
import { readJsonTree } from './read-json-tree.js';
import { setOwn } from './row.js';
import { writeJson } from './write-json.js';

/** Why a message is not an event. Closed set, in the order in which it is checked; the envelope's own code is not here. */
export type RejectionCode =
  | 'NOT_UTF8'
  | 'TOO_DEEP'
  | 'NOT_JSON'
  | 'DUPLICATE_KEY'
  | 'KEY_NOT_UNICODE'
  | 'NOT_AN_OBJECT'
  | 'EVENT_TYPE_MISSING'
  | 'EVENT_TYPE_INVALID'
  | 'TOO_LARGE';

/** A message's content: its data as bytes and its published attributes. */
export interface EventSource {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Rejected {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  /** For people; never holds a value of the event. */
  readonly detail: string;
  readonly eventType: string | null;
}

export type Decoded = { readonly kind: 'event'; readonly event: DecodedEvent } | Rejected;

/**
 * Read a message's data as one event.
 *
 * Shape: `{"event_type":"order",…}`, or any object with the attribute `event_type`, or a CloudEvent, whose `data` is then
 * the event.
 * Outcomes: `event`, or `rejected` with the first code that holds. Throws nothing for any bytes.
 */
export function decodeEvent({ data, attributes }: EventSource): Decoded {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!isUtf8(bytes)) return rejected('NOT_UTF8', 'the data is not UTF-8');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return rejected('NOT_UTF8', 'the data begins with a byte order mark');
  }
  const text = bytes.toString('utf8');
  if (isTooDeep(text)) return rejected('TOO_DEEP', 'more than 100 levels of brackets');
  if (!isJson(text)) return rejected('NOT_JSON', 'the data is not one JSON value');
  const { root, duplicateKey, hasKeyNotUnicode } = readJsonTree(text);
  if (duplicateKey !== null) return rejected('DUPLICATE_KEY', 'a key occurs twice in one object');
  if (hasKeyNotUnicode) return rejected('KEY_NOT_UNICODE', 'a key holds an unpaired surrogate');
  if (root.kind !== 'object') return rejected('NOT_AN_OBJECT', `the data is ${nameOf(root)}, not an object`);
  return decodeObject(root, text, attributes);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function decodeObject(root: ObjectNode, text: string, attributes: Readonly<Record<string, string>>): Decoded {
  const field = member(root, 'event_type');
  const attribute = Object.hasOwn(attributes, 'event_type') ? attributes['event_type'] : undefined;
  if (field === undefined && attribute === undefined && isCloudEvent(root)) {
    return decodeCloudEvent(root, text, attributes);
  }
  if (field !== undefined && field.kind !== 'string') {
    return rejected('EVENT_TYPE_INVALID', `event_type is ${nameOf(field)}, not a string`);
  }
  const eventType = field?.value ?? attribute;
  if (eventType === undefined)
    return rejected('EVENT_TYPE_MISSING', 'neither field nor attribute event_type');
  if (!isEventType(eventType)) return rejected('EVENT_TYPE_INVALID', 'event_type has no letter and no digit');
  const attributesText = JSON.stringify(attributes);
  return {
    kind: 'event',
    event: new DecodedEvent({ eventType, attributes, attributesText, text, isCloudEvent: false }),
  };
}

function decodeCloudEvent(
  root: ObjectNode,
  text: string,
  attributes: Readonly<Record<string, string>>,
): Decoded {
  const data = member(root, 'data');
  if (member(root, 'data_base64') !== undefined)
    return rejected('NOT_AN_OBJECT', "the CloudEvent's data is binary");
  if (data !== undefined && data.kind !== 'object') {
    return rejected('NOT_AN_OBJECT', `the CloudEvent's data is ${nameOf(data)}, not an object`);
  }
  const type = member(root, 'type');
  const eventType = type?.kind === 'string' ? type.value : '';
  if (!isEventType(eventType)) return rejected('EVENT_TYPE_INVALID', 'type has no letter and no digit');
  const merged = mergeAttributes(root, text, attributes);
  return { kind: 'event', event: new DecodedEvent({ eventType, ...merged, text, isCloudEvent: true }) };
}

function mergeAttributes(
  root: ObjectNode,
  text: string,
  published: Readonly<Record<string, string>>,
): { attributes: Record<string, unknown>; attributesText: string } {
  const texts = new Map(Object.entries(published).map(([name, value]) => [name, JSON.stringify(value)]));
  for (const { key, value } of root.members) {
    if (key === 'type' || key === 'data' || key === 'data_base64') continue;
    let name = `ce-${key}`;
    while (texts.has(name)) name = `ce-${name}`;
    texts.set(name, attributeText(value, text));
  }
  const attributes: Record<string, unknown> = {};
  for (const [name, json] of texts) setOwn<unknown>(attributes, name, JSON.parse(json));
  const members = [...texts].map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return { attributes, attributesText: `{${members.join(',')}}` };
}

/** An attribute's JSON; what BigQuery's JSON type would alter is kept as its source text, like an overflow literal. */
function attributeText(node: JsonNode, text: string): string {
  if (node.isUnicode && node.isJsonExact) return writeJson(node);
  return JSON.stringify({ literal: text.slice(node.start, node.end) });
}

function isCloudEvent(root: ObjectNode): boolean {
  const version = member(root, 'specversion');
  if (version?.kind !== 'string' || version.value !== '1.0') return false;
  return ['id', 'source', 'type'].every((name) => {
    const node = member(root, name);
    return node?.kind === 'string' && node.value !== '';
  });
}

/** The member of that key; null counts as absent. */
function member(root: ObjectNode, key: string): JsonNode | undefined {
  const node = root.members.find((candidate) => candidate.key === key)?.value;
  return node?.kind === 'null' ? undefined : node;
}

function isEventType(text: string): boolean {
  return text.isWellFormed() && /[\p{L}\p{Nd}]/u.test(text);
}

function nameOf(node: JsonNode): string {
  const names = {
    null: 'null',
    boolean: 'a boolean',
    number: 'a number',
    string: 'a string',
    array: 'an array',
    object: 'an object',
  };
  return names[node.kind];
}

function rejected(code: RejectionCode, detail: string): Rejected {
  return { kind: 'rejected', code, detail, eventType: null };
}
