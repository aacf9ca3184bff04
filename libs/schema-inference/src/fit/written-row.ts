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

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const TILDE = 126;

/**
 * Bytes of a row's JSON text that one byte of its event can be at most: a name of 300 characters for an empty key. A row that
 * could exceed the limit is made as an object first, and measured.
 */
const MAX_GROWTH = 64;

/** Puts the pipeline's columns before the fields of an event. */
class RowWriting extends WireWriter {
  write(head: RowHead, event: DecodedEvent, compiled: CompiledSchema, maxRowBytes: number): Buffer | null {
    const fields = event.writtenFields(compiled);
    const tags = compiled.pipelineTags;
    if (fields === null || tags === null) return null;
    const publishedAt = microsOf(head.publishTime);
    const ingestedAt = microsOf(head.ingestTime);
    if (publishedAt === null || ingestedAt === null) return null;
    const { attributesSize, eventType } = event;
    const size = head.messageId.length + eventType.length + attributesSize;
    if ((size + event.dataBytes) * MAX_GROWTH > maxRowBytes) return null;
    this.begin(size);
    this.text(tags.messageId, head.messageId);
    this.tag(tags.publishTime);
    this.integer(publishedAt);
    this.text(tags.eventType, eventType);
    this.tag(tags.ingestTime);
    this.integer(ingestedAt);
    this.attributes(tags.attributes, event);
    const row = Buffer.allocUnsafe(this.at + fields.size);
    this.copyTo(row, 0);
    fields.copyTo(row, this.at);
    return row;
  }

  /** Most attributes have no character that JSON escapes: they are written without a text in between. */
  private attributes(tag: number, event: DecodedEvent): void {
    const start = this.at;
    this.tag(tag);
    const lengthAt = this.open();
    const { out } = this;
    out[this.at++] = OPEN_BRACE;
    for (const name in event.attributes) {
      const isPlain = this.plain(name, COLON) && this.plain(event.attributes[name], COMMA);
      if (!isPlain) {
        this.at = start;
        this.text(tag, event.attributesText);
        return;
      }
    }
    // In the place of the last comma.
    if (this.at > lengthAt + 2) this.at--;
    out[this.at++] = CLOSE_BRACE;
    this.close(lengthAt);
  }

  /** A string of printable ASCII in quotes, and what follows; false for any other value. */
  private plain(value: unknown, after: number): boolean {
    if (typeof value !== 'string') return false;
    const { out } = this;
    let { at } = this;
    out[at++] = QUOTE;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) return false;
      out[at++] = code;
    }
    out[at++] = QUOTE;
    out[at++] = after;
    this.at = at;
    return true;
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
