import { FURTHER_VALUES, type OverflowGroup } from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';

/** Types that a retype gives a column so that it takes the values, by the reason of their overflow. */
const RETYPE_TO: Readonly<Record<string, { readonly type: string; readonly why: string }>> = {
  NOT_WIDENABLE: { type: 'NUMERIC', why: 'the column is narrower, and BigQuery cannot widen it in place' },
  TYPE_CONFLICT: { type: 'JSON', why: 'the column holds another type' },
  MIXED_ARRAY: { type: 'JSON', why: 'the column is an array of one type' },
  NULL_IN_ARRAY: { type: 'JSON', why: 'BigQuery takes no null in an array' },
  OUT_OF_RANGE: { type: 'STRING', why: 'the column’s type does not reach that far' },
  NUMBER_NOT_REPRESENTABLE: {
    type: 'STRING --numbers-as-text',
    why: 'no number type of BigQuery holds the value exactly',
  },
};

const SENTENCES: Readonly<Record<string, string>> = {
  SCHEMA_CLOSED:
    'the table or record takes no more columns; keys that are data belong in an array or in one JSON field.',
  NOT_UNICODE:
    'the text holds half a surrogate pair, which no column can hold; the producer has to send Unicode.',
};

/** The remedy for the overflow of a group, by its reason: a sentence, with the command if there is one. */
export function remedyFor({ table, path, reason }: OverflowGroup, command: CommandWords): string {
  if (path === FURTHER_VALUES)
    return `${FURTHER_VALUES}: values beyond the first 1,000 of a row are counted only; explain lists all of one message.`;
  if (reason === 'AWAITING_APPROVAL')
    return `${reason}: the contract of ${table} wants a person to approve it: ${command(`approve ${quoted(table)} ${quoted(path)}`)}`;
  if (reason === 'AWAITING_COLUMN')
    return `${reason}: the values move by themselves once the column is there; at once with ${command(`promote ${quoted(table)}`)}`;
  const retype = RETYPE_TO[reason ?? ''];
  if (retype !== undefined) {
    const column = columnOf(path);
    const words = `${reason ?? ''}: ${retype.why}.`;
    if (column === null) return `${words} pipeline retype gives it another type.`;
    const [type = '', ...options] = retype.type.split(' ');
    const rest = ['retype', quoted(table), column, type, ...options, '--dry-run'].join(' ');
    return `${words} To move the values into a ${type} column: ${command(rest)}`;
  }
  return `${reason ?? 'No reason'}: ${SENTENCES[reason ?? ''] ?? 'the value is kept exactly in _overflow.'}`;
}

/** The column of a place, `items.price`; null if a key is no column name. */
function columnOf(path: string): string | null {
  const keys = path.split('/').filter((key) => key !== '' && key !== '*');
  return keys.length > 0 && keys.every((key) => /^[A-Za-z_]\w*$/.test(key)) ? keys.join('.') : null;
}
