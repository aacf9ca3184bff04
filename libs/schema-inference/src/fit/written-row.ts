import type { DecodedEvent } from '../decode/decoded-event.js';
import type { CompiledSchema } from '../schema/compile-schema.js';
import { parseInstant, toMicros } from '../values/instant.js';
import { WireWriter } from '../values/wire-writer.js';

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

/**
 * Bytes of a row's JSON text that one byte of its event can be at most: a name of 300 characters for an empty key. A row that
 * could exceed the limit is made as an object first, and measured.
 */
const MAX_GROWTH = 64;

/** Puts the pipeline's columns before the fields of an event. */
class RowWriting extends WireWriter {
  write(
    head: RowHead,
    event: DecodedEvent,
    compiled: CompiledSchema,
    maxRowBytes: number,
  ): Uint8Array | null {
    const fields = event.writtenFields(compiled);
    const tags = compiled.pipelineTags;
    if (fields === null || tags === null) return null;
    const publishedAt = microsOf(head.publishTime);
    const ingestedAt = microsOf(head.ingestTime);
    if (publishedAt === null || ingestedAt === null) return null;
    const { attributesText, eventType } = event;
    const size = head.messageId.length + eventType.length + attributesText.length;
    if ((size + event.dataBytes) * MAX_GROWTH > maxRowBytes) return null;
    this.begin(size);
    this.text(tags.messageId, head.messageId);
    this.tag(tags.publishTime);
    this.integer(publishedAt);
    this.text(tags.eventType, eventType);
    this.tag(tags.ingestTime);
    this.integer(ingestedAt);
    this.text(tags.attributes, attributesText);
    return this.withFields(fields);
  }

  private withFields(fields: Uint8Array): Uint8Array {
    const { at } = this;
    const row = Buffer.allocUnsafe(at + fields.length);
    this.out.copy(row, 0, 0, at);
    row.set(fields, at);
    return row;
  }
}

const writing = new RowWriting();

/**
 * The row of an event whose bytes matched the schema, as one message of its columns: equal to what an encoder writes for the
 * row that `buildRow` describes. Null for any other event, for a table without the pipeline's columns, and for a row that
 * could be larger than `maxRowBytes`.
 */
export function writeRow(
  head: RowHead,
  event: DecodedEvent,
  compiled: CompiledSchema,
  maxRowBytes: number,
): Uint8Array | null {
  return writing.write(head, event, compiled, maxRowBytes);
}

function microsOf(text: string): number | null {
  const instant = parseInstant(text);
  const micros = instant === null ? null : toMicros(instant);
  return typeof micros === 'number' ? micros : null;
}
