import { isUtf8 } from 'node:buffer';
import type { EventSource } from '@pipeline/schema-inference';

/**
 * The content of a line of a batch.
 *
 * `event`: the event's own JSON text, as it would be published, without attributes. `message`: a Pub/Sub message,
 * `{"data": base64, "attributes": {…}}`, alone or as the `message` of a push; `attributes` may be JSON text too, which is
 * how `_raw_events` is exported.
 */
export type PlanFormat = 'event' | 'message';

/** `blank` lines say nothing. */
export type PlanLine =
  | { readonly kind: 'message'; readonly message: EventSource }
  | { readonly kind: 'rejected'; readonly detail: string }
  | { readonly kind: 'blank' };

const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});
const BLANK = /^[\t\r ]*$/;

/** Read one line, without its line feed. Never throws. */
export function readPlanLine(line: Uint8Array, format: PlanFormat): PlanLine {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  if (bytes.length < 3 && BLANK.test(bytes.toString('latin1'))) {
    return { kind: 'blank' };
  }
  return format === 'event'
    ? { kind: 'message', message: { data: bytes, attributes: NO_ATTRIBUTES } }
    : readMessage(bytes);
}

function readMessage(bytes: Buffer): PlanLine {
  const parsed = isUtf8(bytes) ? parseObject(bytes.toString()) : null;
  if (parsed === null) {
    return rejected('the line is not a JSON object');
  }
  const inner = 'message' in parsed ? toObject(parsed['message']) : parsed;
  if (inner === null) {
    return rejected('message is not an object');
  }
  const { data = '' } = inner;
  const attributes = toAttributes(inner['attributes'] ?? {});
  if (typeof data !== 'string' || !/^[\w+/-]*={0,2}$/.test(data)) {
    return rejected('data is not base64');
  }
  return attributes === null
    ? rejected('attributes is not an object of strings')
    : { kind: 'message', message: { data: Buffer.from(data, 'base64'), attributes } };
}

function toAttributes(value: unknown): Readonly<Record<string, string>> | null {
  const attributes = typeof value === 'string' ? parseObject(value) : toObject(value);
  return attributes !== null && isTexts(attributes) ? attributes : null;
}

function isTexts(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, string>> {
  return Object.values(value).every((text) => typeof text === 'string');
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return null; // no JSON: the caller says so
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function rejected(detail: string): PlanLine {
  return { kind: 'rejected', detail };
}
