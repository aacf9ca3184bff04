import { readPlanLine } from '@pipeline/bigquery-tables';
import { EDIT_OF, EDIT_PART, readMendedLine } from '@pipeline/books';
import type { OutgoingMessage } from '@pipeline/google-clients';
import { UsageError } from '../command/exit-codes.js';
import type { OriginalMessage, SourceLine } from './source-line.js';

/**
 * The content of a line. `event`: the event itself. `csv`: the same, and every source is CSV. `message`: a Pub/Sub message in JSON,
 * `{"data": base64, "attributes": {…}}`. `dead-letters`: a line of `dead-letters export`.
 */
export const LINE_FORMATS = ['event', 'csv', 'message', 'dead-letters'] as const;
export type LineFormat = (typeof LINE_FORMATS)[number];

/** A message to plan or to publish; `original` is the message that it was before. */
export interface LineMessage extends OutgoingMessage {
  readonly original: OriginalMessage | null;
}

export type ReadLine =
  | { readonly kind: 'message'; readonly message: LineMessage }
  | { readonly kind: 'rejected'; readonly detail: string };

/**
 * Reads a line as the message that backfill publishes and plan plans.
 *
 * @param given attributes of every message; they replace the line's own
 * @throws UsageError for a line of `dead-letters` that is no line of an export
 */
export function readLineMessage(
  line: SourceLine,
  format: LineFormat,
  given: Readonly<Record<string, string>>,
): ReadLine {
  if (format === 'dead-letters') return { kind: 'message', message: toMended(line, given) };
  if (format === 'message') return readMessage(line.bytes, given);
  const { bytes: data, attributes, original = null } = line;
  return { kind: 'message', message: { data, attributes: { ...attributes, ...given }, original } };
}

function readMessage(bytes: Buffer, given: Readonly<Record<string, string>>): ReadLine {
  const read = readPlanLine(bytes, 'message');
  if (read.kind === 'rejected') return read;
  if (read.kind === 'blank') return { kind: 'rejected', detail: 'the line is blank' };
  const { data, attributes } = read.message;
  const own = Object.entries(attributes).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    kind: 'message',
    message: { data, attributes: { ...Object.fromEntries(own), ...given }, original: originalOf(bytes) },
  };
}

/** The names of the Dataflow job's copy, and those of a push. */
function originalOf(bytes: Buffer): OriginalMessage | null {
  const parsed = JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
  const { message_id, messageId, publish_time, publishTime } = (parsed['message'] ?? parsed) as Readonly<
    Record<string, unknown>
  >;
  const id = message_id ?? messageId;
  const at = publish_time ?? publishTime;
  return typeof id === 'string' ? { messageId: id, publishedAt: typeof at === 'string' ? at : null } : null;
}

/** A mended dead letter: a message of its own that names the original. */
function toMended(
  { bytes, source, number }: SourceLine,
  given: Readonly<Record<string, string>>,
): LineMessage {
  try {
    const { messageId, data, attributes } = readMendedLine(bytes);
    return {
      data,
      attributes: { ...attributes, ...given, [EDIT_OF]: messageId, [EDIT_PART]: '1/1' },
      original: null,
    };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Line ${number} of ${source} is no line of an export: ${words}.`, { cause });
  }
}
