import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Column, ColumnMode, ColumnType } from '../schema/column.js';
import { compileSchema } from '../schema/compile-schema.js';
import { DEFAULT_EVENT_TYPE_SOURCES } from './event-type-sources.js';
import { leadingEventType } from './find-event-type.js';
import { EventBytes } from './event-bytes.js';
import { matchBytes } from './match-bytes.js';
import { propertyOptions } from '../nasty-events.builder.js';

function column(name: string, type: ColumnType, mode: ColumnMode = 'NULLABLE'): Column {
  return type === 'RECORD'
    ? { name, type, mode, columns: [column('x', 'INT64'), column('y', 'STRING')] }
    : { name, type, mode };
}

const COLUMNS = [
  column('i', 'INT64'),
  column('n', 'NUMERIC'),
  column('f', 'FLOAT64'),
  column('b', 'BOOL'),
  column('s', 'STRING'),
  column('d', 'DATE'),
  column('t', 'TIMESTAMP'),
  column('dt', 'DATETIME'),
  column('r', 'RECORD'),
  column('l', 'INT64', 'REPEATED'),
  column('rs', 'RECORD', 'REPEATED'),
  column('j', 'JSON'),
  column('a"b', 'INT64'),
];
const { root } = compileSchema({ columns: COLUMNS, closed: false });
const load = (text: string): EventBytes => new EventBytes().load(Buffer.from(text));
/** The checks are the same whether fields are written or not. */
function matches(text: string): boolean {
  const isMatch = matchBytes(load(text), root) !== null;
  expect(matchBytes(load(text), root, true) !== null).toBe(isMatch);
  return isMatch;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('matching bytes', () => {
  it.each([
    ['an empty object', '{}'],
    ['numbers', '{"i":-12,"n":49.99,"f":0.123456789}'],
    ['words', '{"b":true,"s":"é😀","d":null}'],
    ['dates', '{"d":"2024-02-29","t":"2024-01-31T10:30:00.5+01:00","dt":"2024-01-15T10:30:00"}'],
    ['escapes', '{"s":"a\\n\\"\\\\\\/\\u0061\\u00e9\\u20ac"}'],
    ['keys in any order', '{"b":true,"i":1,"n":0.5}'],
    ['spaces', ' { "i" : 1 ,\n"l" : [ 1 , 2 ] , "rs":[ {} , {"x":1} ] } '],
    ['records', '{"r":{"x":1,"y":""},"l":[],"rs":[{"y":"a"}]}'],
  ])('takes %s', (_name, text) => {
    expect(matches(text)).toBe(true);
  });

  it.each([
    ['a key twice', '{"i":1,"i":1}'],
    ['a key without a column', '{"i":1,"z":1}'],
    ['half a surrogate pair', '{"s":"\\ud83d"}'],
    ['a surrogate pair as escapes', '{"s":"\\ud83d\\ude00"}'],
    ['an escape that is none', '{"s":"\\x"}'],
    ['a cut escape', '{"s":"\\u00'],
    ['an escape in a key', '{"\\u0069":1}'],
    ['an instant beyond safe integers', '{"t":"1600-01-31T10:30:00Z"}'],
    ['a control character', '{"s":"\u0001"}'],
    ['a quote in a key', '{"a"b":1}'],
    ['a leading zero', '{"i":01}'],
    ['minus zero', '{"i":-0}'],
    ['a plus', '{"i":+1}'],
    ['an exponent', '{"f":1e3}'],
    ['16 digits', '{"i":1234567890123456}'],
    ['a point without digits', '{"n":1.}'],
    ['a fraction in an integer', '{"i":1.0}'],
    ['ten digits after the point', '{"n":0.1234567891}'],
    ['null in an array', '{"l":[1,null]}'],
    ['null for an array', '{"l":null}'],
    ['null among records', '{"rs":[null]}'],
    ['a date that is none', '{"d":"2024-02-30"}'],
    ['a year out of range', '{"d":"0000-01-01"}'],
    ['a word for a date', '{"d":"x"}'],
    ['a comma at the end', '{"i":1,}'],
    ['a comma at the end of an array', '{"l":[1,]}'],
    ['no comma', '{"i":1"n":2}'],
    ['no colon', '{"i"1}'],
    ['half a word', '{"b":tru}'],
    ['a cut', '{"i":1'],
    ['a cut string', '{"s":"x'],
    ['two values', '{"i":1}{}'],
    ['an array', '[]'],
    ['nothing', ''],
    ['a JSON column', '{"j":1}'],
    ['an object in a column of scalars', '{"i":{}}'],
    ['objects deeper than the columns', '{"r":{"x":{}}}'],
    ['a key twice in a record', '{"r":{"x":1,"y":"","x":1}}'],
  ])('leaves %s to the parser', (_name, text) => {
    expect(matches(text)).toBe(false);
  });

  it('ends a string of any length at any offset', () => {
    const lengths = Array.from({ length: 10 }, (_, length) => length);
    const ended = lengths.flatMap((before) =>
      lengths.flatMap((after) =>
        ['"', '\\', '\u0000', '\u001f', ' ', '!', '#', '[', ']', '\u007f', 'é', '😀'].map((character) => {
          const text = `{"i":${'1'.repeat(1 + (before % 4))},"s":"${'x'.repeat(before)}${character}${'x'.repeat(after)}"}`;
          return { text, isTaken: matches(text), isJson: isJson(text) };
        }),
      ),
    );

    expect(ended.filter(({ isTaken, isJson: expected }) => isTaken !== expected)).toEqual([]);
  });

  it('distinguishes keys of all lengths', () => {
    const keys = Array.from(
      { length: 40 },
      (_, index) => 'abcdefghijklmnopqrstuvwxyz'.slice(0, 1 + (index % 20)) + (index < 20 ? '' : '_'),
    );
    const { root: wide } = compileSchema({ columns: keys.map((key) => column(key, 'INT64')), closed: false });
    const takes = (key: string): boolean => matchBytes(load(`{"${key}":1}`), wide) !== null;

    expect(keys.map(takes)).toEqual(keys.map(() => true));
    expect(keys.map((key) => `${key}.`).map(takes)).toEqual(keys.map(() => false));
    expect(keys.map((key) => `${key.slice(0, -1)}.`).map(takes)).toEqual(keys.map(() => false));
    expect(takes('')).toBe(false);
  });

  it('takes nothing that JSON.parse refuses or rounds', () => {
    const pieces = fc.constantFrom(
      ...[
        '{',
        '}',
        '"i"',
        '"s"',
        '"r"',
        '"x"',
        '"l"',
        ':',
        ',',
        '[',
        ']',
        '1',
        '0',
        '-',
        '.',
        'null',
        'true',
        '""',
        ' ',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = `{${parts.join('')}}`;
        if (matches(text)) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { ...propertyOptions(), numRuns: propertyOptions().numRuns * 20 },
    );
  });
});

describe('the leading event type', () => {
  it.each([
    ['{"event_type":"order","a":1}', 'order'],
    [' { "event_type" : "é" }', 'é'],
    ['{"a":1,"event_type":"order"}', null],
    ['{"event_type":1}', null],
    ['{"event_type":"\\u0061"}', null],
    ['[]', null],
  ])('%s: %s', (text, eventType) => {
    const found = leadingEventType(load(text), {}, DEFAULT_EVENT_TYPE_SOURCES);

    expect(found?.eventType ?? null).toBe(eventType);
  });
});
