import type { DecodedEvent } from '../decode/decoded-event.js';
import { rejected, type Rejected } from '../decode/rejection.js';
import type { Fitted } from './fit.js';
import { DEFAULT_LIMITS } from '../schema/limits.js';
import { overflowText } from './overflow.js';
import { rowBytes, spellingBytes } from './row-bytes.js';
import type { JsonValue } from '../values/row.js';
import { writeRow, type RowHead, type RowMessage } from './written-row.js';

type RowRecord = Readonly<Record<string, JsonValue>>;

/** A row that an append holds. */
export interface WholeRow {
  readonly kind: 'row';
  /** Made at the first use if the row is `written`. */
  readonly row: RowRecord;
  /**
   * Size as compact UTF-8 JSON, JSON columns inline. Numbers count as the event spelt them where that could decide
   * about the limit (event or row above half of it), and as the row writes them otherwise.
   */
  readonly bytes: number;
  /**
   * The row as one protocol buffer of the schema's columns, if the event's bytes matched that schema; else null. It is equal
   * to `row` as an encoder writes it.
   */
  readonly written: Uint8Array | null;
}

export type BuiltRow = WholeRow | Rejected;

/**
 * The whole row of one event: the pipeline's columns, then what fits.
 *
 * `ingestTime` is RFC 3339. JSON columns hold JSON text, `_attributes` and `_overflow` among them.
 * Outcomes: `row`, or `rejected` as TOO_LARGE when it would exceed `maxRowBytes` (default 9,500,000).
 */
export function buildRow(
  message: RowMessage,
  event: DecodedEvent,
  fitted: Fitted,
  ingestTime: string,
  maxRowBytes = DEFAULT_LIMITS.maxRowBytes,
): BuiltRow {
  if (fitted.isTruncated) return tooLarge(event);
  const head: RowHead = {
    messageId: message.messageId,
    publishTime: message.publishTime,
    ingestTime,
  };
  const written = writeRow(head, event, fitted.compiled, maxRowBytes);
  if (written !== null) {
    return new MatchedRow({ written, head, event, fitted, maxRowBytes });
  }
  const row = recordOf({ head, event, fitted });
  const bytes = sizeOf(row, event, fitted, maxRowBytes);
  return bytes > maxRowBytes ? tooLarge(event) : { kind: 'row', row, bytes, written: null };
}

interface RowParts {
  readonly head: RowHead;
  readonly event: DecodedEvent;
  readonly fitted: Fitted;
}

/** A row that is written already: its record is made only if BigQuery's writers know other columns than the table has. */
class MatchedRow implements WholeRow, RowParts {
  readonly kind = 'row';
  readonly written: Uint8Array;
  readonly head: RowHead;
  readonly event: DecodedEvent;
  readonly fitted: Fitted;
  private readonly maxRowBytes: number;
  private record: RowRecord | null = null;

  constructor(parts: RowParts & { readonly written: Uint8Array; readonly maxRowBytes: number }) {
    this.written = parts.written;
    this.head = parts.head;
    this.event = parts.event;
    this.fitted = parts.fitted;
    this.maxRowBytes = parts.maxRowBytes;
  }

  get row(): RowRecord {
    this.record ??= recordOf(this);
    return this.record;
  }

  get bytes(): number {
    return sizeOf(this.row, this.event, this.fitted, this.maxRowBytes);
  }
}

function recordOf({ head, event, fitted }: RowParts): RowRecord {
  return {
    _message_id: head.messageId,
    _publish_time: head.publishTime,
    _event_type: event.eventType,
    _ingest_time: head.ingestTime,
    _attributes: event.attributesText,
    _overflow: fitted.overflow === null ? null : overflowText(fitted.overflow),
    ...fitted.row,
  };
}

function tooLarge(event: DecodedEvent): Rejected {
  return rejected('TOO_LARGE', 'the row is too large for one append', event.eventType);
}

function sizeOf(
  row: Readonly<Record<string, JsonValue>>,
  event: DecodedEvent,
  { compiled, overflow }: Fitted,
  maxRowBytes: number,
): number {
  const { columns } = compiled.schema;
  const bytes = rowBytes(row, columns);
  if (Math.max(bytes, event.text.length) * 2 <= maxRowBytes) return bytes;
  return bytes + spellingBytes(event, row, columns, overflow);
}
