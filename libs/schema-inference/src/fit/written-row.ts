import type { DecodedEvent } from '../decode/decoded-event.js';
import type { CompiledSchema } from '../schema/compile-schema.js';
import { parseInstant, toMicros } from '../values/instant.js';
import type { WireWriter } from '../values/wire-writer.js';

/** The parts of a message, besides its event, that a row holds. */
export interface RowMessage {
  readonly messageId: string;
  /** RFC 3339. */
  readonly publishTime: string;
}

/** The parts of a row besides its event. */
export interface RowHead extends RowMessage {
  /** RFC 3339. */
  readonly ingestTime: string;
}

const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Three bytes around each of two texts. */
const MEMBER_SIZE = 6;

/**
 * Bytes of a row's JSON text that one byte of its event can be at most: a name of 300 characters for an empty key. A row that
 * could exceed the limit is made as an object first, and measured.
 */
const MAX_GROWTH = 64;

/**
 * The row of an event whose bytes matched the schema, as one message of its columns: equal to what an encoder writes for the
 * row that `buildRow` describes, with the pipeline's columns after those of the event. Null for any other event, for a table without the pipeline's columns, and for a row that
 * could be larger than `maxRowBytes`.
 */
export function writeRow(
  head: RowHead,
  event: DecodedEvent,
  compiled: CompiledSchema,
  maxRowBytes: number,
): Uint8Array | null {
  const writer = event.writtenFields(compiled);
  const tags = compiled.pipelineTags;
  if (writer === null || tags === null) return null;
  const { messageId, publishTime, ingestTime } = head;
  const { eventType } = event;
  const publishedAt = microsOf(publishTime);
  const ingestedAt = ingestMicros(ingestTime);
  if (publishedAt === null || ingestedAt === null) return null;
  const fieldsSize = writer.size;
  writer.reserve(messageId.length + eventType.length);
  writer.text(tags.messageId, messageId);
  writer.tag(tags.publishTime);
  writer.integer(publishedAt);
  writer.text(tags.eventType, eventType);
  writer.tag(tags.ingestTime);
  writer.integer(ingestedAt);
  writeAttributes(writer, tags.attributes, event);
  const headSize = writer.size - fieldsSize;
  return (headSize + event.dataBytes) * MAX_GROWTH > maxRowBytes ? null : writer.toBytes();
}

/** Most attributes have no character that JSON escapes: they are written without a text in between. */
function writeAttributes(writer: WireWriter, tag: number, event: DecodedEvent): void {
  const { attributes } = event;
  const start = writer.size;
  writer.tag(tag);
  const lengthAt = writer.open();
  let before = OPEN_BRACE;
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value !== 'string' || !writeMember(writer, before, name, value)) {
      const { attributesText } = event;
      writer.cut(start);
      writer.reserve(attributesText.length);
      writer.text(tag, attributesText);
      return;
    }
    before = COMMA;
  }
  if (before === OPEN_BRACE) writer.byte(OPEN_BRACE);
  writer.byte(CLOSE_BRACE);
  writer.close(lengthAt);
}

function writeMember(writer: WireWriter, before: number, name: string, value: string): boolean {
  writer.reserve(name.length + value.length + MEMBER_SIZE);
  return writer.plainText(before, name) && writer.plainText(COLON, value);
}

let lastIngest: { readonly text: string; readonly micros: number | null } = { text: '', micros: null };

/** Rows of a burst have the same ingest time. */
function ingestMicros(text: string): number | null {
  if (text !== lastIngest.text) lastIngest = { text, micros: microsOf(text) };
  return lastIngest.micros;
}

function microsOf(text: string): number | null {
  const instant = parseInstant(text);
  const micros = instant === null ? null : toMicros(instant);
  return typeof micros === 'number' ? micros : null;
}
