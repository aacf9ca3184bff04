import { readPlanLine } from '@pipeline/bigquery-tables';
import { splitEvents } from '@pipeline/books';
import type { OutgoingMessage } from '@pipeline/google-clients';
import { refused } from '../api/refused.js';

/** A message with the number of its line or element, from 1. */
export interface NumberedMessage {
  readonly line: number;
  readonly message: OutgoingMessage;
}

const NO_EVENTS = 'NO_EVENTS';
const ARRAY_START = /^\s*\[/;
const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * Reads text as events: one for each line, or one for each element of an array. Blank lines are left out.
 *
 * @throws RequestFailure 422 for an array that is not JSON, and for text without an event
 */
export function readEvents({
  text,
  eventType,
}: {
  readonly text: string;
  readonly eventType?: string;
}): readonly NumberedMessage[] {
  const attributes: Readonly<Record<string, string>> =
    (eventType ?? '') === '' ? {} : { event_type: eventType ?? '' };
  const messages: NumberedMessage[] = [];
  for (const [index, line] of linesOf(text.replace(BYTE_ORDER_MARK, '')).entries()) {
    const read = readPlanLine(line, 'event');
    if (read.kind === 'message') {
      messages.push({ line: index + 1, message: { data: read.message.data, attributes } });
    }
  }
  if (messages.length === 0) {
    throw refused(NO_EVENTS, 'There is no event: enter one JSON object for each line, or an array');
  }
  return messages;
}

function linesOf(text: string): readonly Buffer[] {
  if (!ARRAY_START.test(text)) return text.split(/\r?\n/).map((line) => Buffer.from(line));
  const split = splitEvents(Buffer.from(text));
  if (split.kind === 'impossible') throw refused(NO_EVENTS, `This is no array of events: ${split.detail}`);
  return split.events;
}
