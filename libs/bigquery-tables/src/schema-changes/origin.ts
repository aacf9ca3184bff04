import { readNote } from '@pipeline/schema-inference';

/**
 * The cause of a table's or column's state, as a sentence in its description: what happened, when, and for which message.
 * It is written in the same update as the change itself, so that any reader of the table can complete the history.
 */
export interface Origin {
  readonly event: OriginEvent;
  readonly atMs: number;
  /** Null if the id has characters that do not belong in a sentence. */
  readonly messageId: string | null;
  /** The type before and after, for `widened`. */
  readonly widening?: { readonly from: string; readonly to: string };
  /** For `added`: the event type that brought it. Written for people, never read back. */
  readonly eventType?: string;
}

export type OriginEvent = 'made' | 'made-again' | 'added' | 'widened' | 'relaxed' | 'closed';

/** Source: BigQuery quotas, column and table descriptions, read 2026-11-22; counted in UTF-16 units. */
export const MAX_COLUMN_DESCRIPTION = 1_024;
export const MAX_TABLE_DESCRIPTION = 16_384;

const TIME = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)`;
const MESSAGE = String.raw`(\S+?)`;
const SENTENCES: readonly (readonly [OriginEvent, RegExp])[] = [
  ['added', new RegExp(`^First seen ${TIME} in message ${MESSAGE}(?:, event type .*)?\\.$`)],
  ['widened', new RegExp(`^Widened ${TIME} for message ${MESSAGE}, from (\\w+) to (\\w+)\\.$`)],
  ['relaxed', new RegExp(`^Made nullable ${TIME} for message ${MESSAGE}\\.$`)],
  ['closed', new RegExp(`^Closed ${TIME} by message ${MESSAGE}\\.$`)],
  ['made', new RegExp(`^Made ${TIME} for message ${MESSAGE}\\.$`)],
  ['made-again', new RegExp(`^Made again ${TIME} for message ${MESSAGE}\\.$`)],
];
const PLAIN_ID = /^[\w.:-]{1,128}$/;
const PLAIN_EVENT_TYPE = /^[\w.:/ -]{1,100}$/;
const NO_MESSAGE = '-';

/**
 * Adds a sentence to a description, before the `pipeline:` line. If both together are too long, the description stays as it
 * is: people's text and keys come first.
 */
export function addOrigin(
  description: string | undefined,
  origin: Origin,
  maxLength: number,
): string | undefined {
  const text = description ?? '';
  const noteAt = Object.keys(readNote(text)).length === 0 ? text.length : text.lastIndexOf('\n') + 1;
  const before = text.slice(0, noteAt).replace(/\n$/, '');
  const lines = [before, sentenceOf(origin), text.slice(noteAt)].filter((line) => line !== '');
  const joined = lines.join('\n');
  return joined.length <= maxLength ? joined : description;
}

/** Returns the pipeline's sentences of a description, in their order. */
export function readOrigins(description: string | undefined): readonly Origin[] {
  return description === undefined ? [] : description.split('\n').flatMap((line) => readSentence(line) ?? []);
}

/** Returns a description without the pipeline's sentences; undefined if it holds nothing else. */
export function withoutOrigins(description: string | undefined): string | undefined {
  const lines = description?.split('\n').filter((line) => readSentence(line) === null) ?? [];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function sentenceOf({ event, atMs, messageId, widening, eventType }: Origin): string {
  const at = new Date(atMs).toISOString();
  const message = messageId !== null && PLAIN_ID.test(messageId) ? messageId : NO_MESSAGE;
  switch (event) {
    case 'added': {
      const isPlain = eventType !== undefined && PLAIN_EVENT_TYPE.test(eventType);
      return `First seen ${at} in message ${message}${isPlain ? `, event type ${eventType}` : ''}.`;
    }
    case 'widened':
      return `Widened ${at} for message ${message}, from ${widening?.from ?? ''} to ${widening?.to ?? ''}.`;
    case 'relaxed':
      return `Made nullable ${at} for message ${message}.`;
    case 'closed':
      return `Closed ${at} by message ${message}.`;
    case 'made':
      return `Made ${at} for message ${message}.`;
    case 'made-again':
      return `Made again ${at} for message ${message}.`;
  }
}

function readSentence(line: string): Origin | null {
  for (const [event, pattern] of SENTENCES) {
    const [, time, message, from, to] = pattern.exec(line) ?? [];
    const atMs = Date.parse(time ?? '');
    if (message === undefined || Number.isNaN(atMs)) {
      continue;
    }
    const messageId = message === NO_MESSAGE ? null : message;
    return {
      event,
      atMs,
      messageId,
      ...(from === undefined || to === undefined ? {} : { widening: { from, to } }),
    };
  }
  return null;
}
