import type { RejectionCode } from '@pipeline/schema-inference';

/** Reasons for which bytes are not an event, in words for the producer. */
const WORDS: Readonly<Record<RejectionCode, string>> = {
  NOT_DECOMPRESSIBLE:
    'It has the attribute content-encoding: gzip, but its bytes are not gzip to the last one: they may be cut off.',
  NOT_UTF8: 'Its bytes are not UTF-8 text: the producer must send UTF-8.',
  TOO_DEEP: 'It is nested deeper than 100 levels.',
  NOT_JSON: 'Its bytes are not one JSON value: a bracket, a quote or a comma is wrong or missing.',
  DUPLICATE_KEY: 'An object of it has the same key twice, and either choice would lose a value.',
  KEY_NOT_UNICODE: 'A key of it holds half a surrogate pair, which is no Unicode.',
  NOT_AN_OBJECT: 'It is JSON, but not an object with fields.',
  EVENT_TYPE_MISSING:
    'It has no event type: no place that EVENT_TYPE_FROM lists is present (by default the field or attribute event_type, or a CloudEvent).',
  EVENT_TYPE_INVALID:
    'Its event type is not a text with at least one letter or digit and at most 1,024 characters.',
  TOO_LARGE:
    'It has more than 250,000 values or 20,000,000 bytes, or its row would exceed 9,500,000 bytes, more than BigQuery takes in one append.',
};

/** Every reason of a dead letter: those of the decoder, of the envelope, of a contract, and of BigQuery. */
export const REJECTION_REASONS: readonly string[] = [
  'ENVELOPE_INVALID',
  ...Object.keys(WORDS),
  'TYPE_NOT_ALLOWED',
  'APPEND_REJECTED',
];

/** The sentence for a rejection code. */
export function rejectionWords(code: RejectionCode): string {
  return WORDS[code];
}
