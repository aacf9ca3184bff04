import type { OverflowGroup } from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';

const EXACT_AS_TEXT =
  'no column type of BigQuery holds the value exactly; publish it as text to have it in a column.';
const ONE_KIND = 'publish arrays of one kind of value, without null.';
const ONE_TYPE = 'the column holds another type; publish one type, or the other under a new key.';

const SENTENCES: Readonly<Record<string, string>> = {
  AWAITING_APPROVAL: 'a contract wants a person to approve the column.',
  SCHEMA_CLOSED:
    'the table or record takes no more columns; keys that are data belong in an array or in one JSON field.',
  TYPE_CONFLICT: ONE_TYPE,
  NOT_WIDENABLE: ONE_TYPE,
  MIXED_ARRAY: ONE_KIND,
  NULL_IN_ARRAY: ONE_KIND,
  NUMBER_NOT_REPRESENTABLE: EXACT_AS_TEXT,
  OUT_OF_RANGE: EXACT_AS_TEXT,
  NOT_UNICODE: EXACT_AS_TEXT,
};

/** The remedy for the overflow of a group, by its reason: a sentence, with the command if there is one. */
export function remedyFor({ table, reason }: OverflowGroup, command: CommandWords): string {
  if (reason === 'AWAITING_COLUMN')
    return `${reason}: the values move by themselves once the column is there; at once with ${command(`promote ${quoted(table)}`)}`;
  return `${reason ?? 'No reason'}: ${SENTENCES[reason ?? ''] ?? 'the value is kept exactly in _overflow.'}`;
}
