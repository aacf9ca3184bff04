import { describe, expect, it } from '@jest/globals';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  type Column,
  type OverflowReason,
  type TableSchema,
} from '@pipeline/schema-inference';
import { explainMessage, type MessageExplanation } from './explain-message.js';

const AT = '2026-11-23T10:00:00.000000Z';
const KIND_STAYS =
  'A column never changes to another kind, because that would break the queries that use it.';

/** Explains the leaves of the event `{"v":value}` in a table with this column. */
function leavesOf(column: Omit<Column, 'name'>, value: string): MessageExplanation['leaves'] {
  const data = Buffer.from(`{"v":${value}}`);
  const attributes = { event_type: 'order' };
  const schema: TableSchema = { columns: [{ name: 'v', ...column }], closed: false };
  const decoded = decodeEvent({ data, attributes });
  if (decoded.kind !== 'event') throw new Error(decoded.detail);
  const fitted = fit(decoded.event, compileSchema(schema), { pending: 'overflow' });
  const built = buildRow({ messageId: 'm-1', publishTime: AT }, decoded.event, fitted, AT);
  if (built.kind !== 'row') throw new Error(built.detail);
  const facts = {
    raw: { messageId: 'm-1', publishedAt: AT, data, attributes },
    table: 'orders',
    rows: [built.row],
    schema,
    deadLetters: [],
    now: new Date('2026-11-23T12:00:00Z'),
    inProgressMs: 900_000,
  };
  return explainMessage('m-1', facts, { routes: {} }).leaves;
}

function column(type: Column['type'], more: Partial<Column> = {}): Omit<Column, 'name'> {
  return { type, mode: 'NULLABLE', ...more };
}

const array = (type: Column['type']): Omit<Column, 'name'> => column(type, { mode: 'REPEATED' });
const inside = (kind: string, holder: string, reason: OverflowReason): string =>
  `Another part of the same value is the reason (${reason}), and ${kind} is stored whole or not at all: column v (${holder}) cannot take it.`;

describe('overflowWords', () => {
  it.each<[string, Omit<Column, 'name'>, string, OverflowReason, string]>([
    [
      'a year that BigQuery lacks',
      column('DATE'),
      '"0000-01-01"',
      'OUT_OF_RANGE',
      'It is written as a date, but its year is outside 0001 to 9999, so column v (DATE) cannot hold it.',
    ],
    [
      'an instant that BigQuery lacks',
      column('TIMESTAMP'),
      '"9999-12-31T23:59:59-01:00"',
      'OUT_OF_RANGE',
      'It is written as a date, but its year is outside 0001 to 9999, so column v (TIMESTAMP) cannot hold it.',
    ],
    [
      'a text that is too long',
      column('STRING', { maxLength: 3 }),
      '"ab😀d"',
      'OUT_OF_RANGE',
      'It has 4 characters, and is never cut, so column v (STRING(3)) cannot hold it.',
    ],
    [
      'a number with too many digits before the point',
      column('NUMERIC', { precision: 5, scale: 2 }),
      '99999',
      'OUT_OF_RANGE',
      'It has more digits before or after the point, and is never rounded, so column v (NUMERIC(5, 2)) cannot hold it.',
    ],
    [
      'a number with too many digits after the point',
      column('BIGNUMERIC', { precision: 5 }),
      '0.5',
      'OUT_OF_RANGE',
      'It has more digits before or after the point, and is never rounded, so column v (BIGNUMERIC(5)) cannot hold it.',
    ],
    [
      'a number whose text is too long',
      column('STRING', { maxLength: 3, description: 'pipeline:{"numbersAsText":true}' }),
      '12345',
      'OUT_OF_RANGE',
      'It has 5 characters, and is never cut, so column v (STRING(3)) cannot hold it.',
    ],
    [
      'nanoseconds',
      column('TIMESTAMP'),
      '"2026-03-03T14:59:33.490260001Z"',
      'TYPE_CONFLICT',
      `It has more than 6 digits of a second, which BigQuery would cut, and column v holds TIMESTAMP. ${KIND_STAYS}`,
    ],
    [
      'nanoseconds without a zone',
      column('DATETIME'),
      '"2026-03-03T14:59:33.1234567"',
      'TYPE_CONFLICT',
      `It has more than 6 digits of a second, which BigQuery would cut, and column v holds DATETIME. ${KIND_STAYS}`,
    ],
    [
      'a time without a zone',
      column('TIMESTAMP'),
      '"2026-03-03T14:59:33"',
      'TYPE_CONFLICT',
      `It is a time without a zone, and column v holds TIMESTAMP. ${KIND_STAYS}`,
    ],
    [
      'a time with a zone',
      column('DATETIME'),
      '"2026-03-03T14:59:33Z"',
      'TYPE_CONFLICT',
      `It is a time with a zone, and column v holds DATETIME. ${KIND_STAYS}`,
    ],
    [
      'a date without a time',
      column('TIMESTAMP'),
      '"2026-03-03"',
      'TYPE_CONFLICT',
      `It is a date without a time of day, and column v holds TIMESTAMP. ${KIND_STAYS}`,
    ],
    [
      'a date with a time',
      column('DATE'),
      '"2026-03-03T00:00:00Z"',
      'TYPE_CONFLICT',
      `It is a date with a time of day, and column v holds DATE. ${KIND_STAYS}`,
    ],
    [
      'a day that the calendar lacks',
      column('DATE'),
      '"2026-02-30"',
      'TYPE_CONFLICT',
      `It is text that begins like a date, but is none in the form of RFC 3339, and column v holds DATE. ${KIND_STAYS}`,
    ],
    [
      'text in a date column',
      column('DATE'),
      '"soon"',
      'TYPE_CONFLICT',
      `It is text that is no date, and column v holds DATE. ${KIND_STAYS}`,
    ],
    [
      'text in a number column',
      column('INT64'),
      '"12"',
      'TYPE_CONFLICT',
      `It is text, and column v holds INT64. ${KIND_STAYS}`,
    ],
    [
      'a number in a text column',
      column('STRING'),
      '12',
      'TYPE_CONFLICT',
      `It is a number, and column v holds STRING. ${KIND_STAYS}`,
    ],
    [
      'a boolean in a number column',
      column('NUMERIC'),
      'true',
      'TYPE_CONFLICT',
      `It is true or false, and column v holds NUMERIC. ${KIND_STAYS}`,
    ],
    [
      'text for a column of a type that no event fits',
      column('BYTES'),
      '"AAAA"',
      'TYPE_CONFLICT',
      `It is text, and column v holds BYTES. ${KIND_STAYS}`,
    ],
    [
      'an object in a number column',
      column('INT64'),
      '{"a":1}',
      'TYPE_CONFLICT',
      `It is part of an object or an array, and column v holds INT64. ${KIND_STAYS}`,
    ],
    [
      'an array in a text column',
      column('STRING'),
      '["a"]',
      'TYPE_CONFLICT',
      `It is part of an object or an array, and column v holds STRING. ${KIND_STAYS}`,
    ],
    [
      'a scalar in an array column',
      array('INT64'),
      '1',
      'TYPE_CONFLICT',
      `It is a number, and column v holds ARRAY<INT64>. ${KIND_STAYS}`,
    ],
    [
      'a scalar in a record column',
      column('RECORD', { columns: [{ name: 'a', type: 'INT64', mode: 'NULLABLE' }] }),
      '"x"',
      'TYPE_CONFLICT',
      `It is text, and column v holds RECORD. ${KIND_STAYS}`,
    ],
    [
      'a number that no type holds',
      column('INT64'),
      '1e400',
      'NUMBER_NOT_REPRESENTABLE',
      'No type that column v could have holds this number digit for digit; the literal is kept as it was written.',
    ],
    [
      'a number that a JSON column would round',
      column('JSON'),
      '0.10000000000000000001',
      'NUMBER_NOT_REPRESENTABLE',
      "BigQuery's JSON type would round this number, so column v (JSON) cannot hold it; the literal is kept as it was written.",
    ],
    [
      'half a surrogate pair',
      column('STRING'),
      String.raw`"\ud800"`,
      'NOT_UNICODE',
      'The text holds half a surrogate pair, which is no Unicode and which no BigQuery column can hold.',
    ],
    [
      'a price list that begins with whole numbers',
      array('INT64'),
      '[9.99]',
      'NOT_WIDENABLE',
      'It needs a wider type than ARRAY<INT64>, and BigQuery cannot widen column v in place, because it is an array or inside one.',
    ],
  ])('names the reason of %s', (_name, type, value, reason, words) => {
    expect(leavesOf(type, value).map((leaf) => [leaf.reason, leaf.words])).toEqual([
      [reason, `Kept exactly in _overflow. ${words}`],
    ]);
  });

  it.each<[string, Omit<Column, 'name'>, string, OverflowReason, readonly (string | null)[]]>([
    [
      'an array with a date that BigQuery lacks',
      array('DATE'),
      '["2026-01-01","0000-01-01"]',
      'OUT_OF_RANGE',
      [inside('an array', 'ARRAY<DATE>', 'OUT_OF_RANGE'), null],
    ],
    [
      'an array of texts of which one is too long',
      column('STRING', { mode: 'REPEATED', maxLength: 3 }),
      '["abcd","abc"]',
      'OUT_OF_RANGE',
      [null, inside('an array', 'ARRAY<STRING(3)>', 'OUT_OF_RANGE')],
    ],
    [
      'an array with half a surrogate pair',
      array('STRING'),
      String.raw`["\ud800","a"]`,
      'NOT_UNICODE',
      [null, inside('an array', 'ARRAY<STRING>', 'NOT_UNICODE')],
    ],
    [
      'a JSON value with a number that it would round',
      column('JSON'),
      '{"a":0.10000000000000000001,"b":"text"}',
      'NUMBER_NOT_REPRESENTABLE',
      [null, inside('a value of a JSON column', 'JSON', 'NUMBER_NOT_REPRESENTABLE')],
    ],
  ])('names the part that is the reason of %s', (_name, type, value, reason, words) => {
    const leaves = leavesOf(type, value);

    expect(leaves.map((leaf) => leaf.reason)).toEqual(words.map(() => reason));
    for (const [index, part] of words.entries()) {
      const actual = leaves[index]?.words ?? '';
      if (part === null) expect(actual).not.toContain('Another part');
      else expect(actual).toBe(`Kept exactly in _overflow. ${part}`);
    }
  });
});
