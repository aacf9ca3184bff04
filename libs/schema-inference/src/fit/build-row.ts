import type { DecodedEvent } from '../decode/decoded-event.js';
import { rejected, type Rejected } from '../decode/rejection.js';
import type { Fitted } from './fit.js';
import { DEFAULT_LIMITS } from '../schema/limits.js';
import { overflowText } from './overflow.js';
import { rowBytes, spellingBytes } from './row-bytes.js';
import type { JsonValue } from '../values/row.js';

/** The parts of a message, besides its event, that a row holds. */
export interface RowMessage {
  readonly messageId: string;
  /** RFC 3339. */
  readonly publishTime: string;
}

export type BuiltRow =
  | {
      readonly kind: 'row';
      readonly row: Readonly<Record<string, JsonValue>>;
      /**
       * Size as compact UTF-8 JSON, JSON columns inline. Numbers count as the event spelt them where that could decide
       * about the limit (event or row above half of it), and as the row writes them otherwise.
       */
      readonly bytes: number;
    }
  | Rejected;

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
  const row: Record<string, JsonValue> = {
    _message_id: message.messageId,
    _publish_time: message.publishTime,
    _event_type: event.eventType,
    _ingest_time: ingestTime,
    _attributes: event.attributesText,
    _overflow: fitted.overflow === null ? null : overflowText(fitted.overflow),
    ...fitted.row,
  };
  const bytes = sizeOf(row, event, fitted, maxRowBytes);
  return bytes > maxRowBytes ? tooLarge(event) : { kind: 'row', row, bytes };
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
