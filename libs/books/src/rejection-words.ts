import type { RejectionCode } from '@pipeline/schema-inference';

/** Why bytes are no event, as one would tell the producer. */
const WORDS: Readonly<Record<RejectionCode, string>> = {
  NOT_UTF8: 'Its bytes are not UTF-8 text (a byte order mark counts as none): the producer must send UTF-8.',
  TOO_DEEP: 'It is nested deeper than 100 levels.',
  NOT_JSON: 'Its bytes are not one JSON value: a bracket, a quote or a comma is wrong or missing.',
  DUPLICATE_KEY: 'An object of it has the same key twice, and either choice would lose a value.',
  KEY_NOT_UNICODE: 'A key of it holds half a surrogate pair, which is no Unicode.',
  NOT_AN_OBJECT: 'It is JSON, but not an object with fields.',
  EVENT_TYPE_MISSING:
    'It does not say what it is: it has neither a field event_type nor an attribute event_type, and is no CloudEvent.',
  EVENT_TYPE_INVALID: 'Its event_type is not a text with at least one letter or digit.',
  TOO_LARGE: 'Its row would exceed 9,500,000 bytes, more than BigQuery takes in one append.',
};

/** The sentence for a rejection code. */
export function rejectionWords(code: RejectionCode): string {
  return WORDS[code];
}
