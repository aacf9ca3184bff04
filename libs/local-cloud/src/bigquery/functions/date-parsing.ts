import { MONTHS, WEEKDAYS } from './date-formats.js';
import { define } from './define.js';
import { splitLocal } from './times.js';
import { instantOfLocal } from './zones.js';

/** The parts read so far; missing ones are those of 1970-01-01 00:00:00. */
interface Parts {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  minute: number;
  second: number;
  micros: bigint;
  hour12: number | undefined;
  afternoon: boolean;
  century: number | undefined;
  offset: bigint | undefined;
  epoch: bigint | undefined;
}

class Cursor {
  at = 0;
  constructor(
    readonly text: string,
    readonly format: string,
  ) {}

  fail(): Error {
    return new Error(`Failed to parse input string "${this.text}"`);
  }

  match(pattern: RegExp): RegExpExecArray {
    const sticky = new RegExp(pattern.source, 'yi');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found === null) throw this.fail();
    this.at = sticky.lastIndex;
    return found;
  }

  number(digits: number, low: number, high: number): number {
    this.match(/\s*/);
    const value = Number(this.match(new RegExp(`\\d{1,${digits}}`))[0]);
    if (value < low || value > high) throw this.fail();
    return value;
  }

  word(names: readonly string[]): number {
    const rest = this.text.slice(this.at).toLowerCase();
    for (const length of [undefined, 3])
      for (const [index, name] of names.entries()) {
        const spelled = name.slice(0, length).toLowerCase();
        if (!rest.startsWith(spelled)) continue;
        this.at += spelled.length;
        return index;
      }
    throw this.fail();
  }
}

type Read = (cursor: Cursor, parts: Parts) => void;

const whole =
  (format: string): Read =>
  (cursor, parts) => {
    readFormat(cursor, format, parts);
  };

function readSeconds(cursor: Cursor, parts: Parts): void {
  parts.second = cursor.number(2, 0, 60);
  const fraction = /^\.(\d+)/.exec(cursor.text.slice(cursor.at));
  parts.micros = BigInt((fraction?.[1] ?? '').slice(0, 6).padEnd(6, '0'));
  cursor.at += fraction?.[0].length ?? 0;
}

function readZone(cursor: Cursor, parts: Parts): void {
  const found = cursor.match(/Z|UTC|([+-])(\d{1,2}):?(\d{2})?/);
  const [, sign, hours = '0', minutes = '0'] = found;
  const size = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * 1_000_000n;
  parts.offset = sign === '-' ? -size : size;
}

const ELEMENTS: Readonly<Record<string, Read>> = {
  A: (c) => void c.word(WEEKDAYS),
  a: (c) => void c.word(WEEKDAYS),
  B: (c, p) => void (p.month = c.word(MONTHS) + 1),
  b: (c, p) => void (p.month = c.word(MONTHS) + 1),
  h: (c, p) => void (p.month = c.word(MONTHS) + 1),
  C: (c, p) => void (p.century = c.number(2, 0, 99)),
  c: whole('%a %b %e %H:%M:%S %Y'),
  D: whole('%m/%d/%y'),
  d: (c, p) => void (p.day = c.number(2, 1, 31)),
  e: (c, p) => void (p.day = c.number(2, 1, 31)),
  F: whole('%Y-%m-%d'),
  H: (c, p) => void (p.hour = c.number(2, 0, 23)),
  k: (c, p) => void (p.hour = c.number(2, 0, 23)),
  I: (c, p) => void (p.hour12 = c.number(2, 1, 12)),
  l: (c, p) => void (p.hour12 = c.number(2, 1, 12)),
  j: (c, p) => void (p.dayOfYear = c.number(3, 1, 366)),
  M: (c, p) => void (p.minute = c.number(2, 0, 59)),
  m: (c, p) => void (p.month = c.number(2, 1, 12)),
  n: (c) => void c.match(/\s*/),
  t: (c) => void c.match(/\s*/),
  P: (c, p) => void (p.afternoon = c.word(['AM', 'PM']) === 1),
  p: (c, p) => void (p.afternoon = c.word(['AM', 'PM']) === 1),
  R: whole('%H:%M'),
  r: whole('%I:%M:%S %p'),
  S: (c, p) => void (p.second = c.number(2, 0, 60)),
  s: (c, p) => void (p.epoch = BigInt(c.match(/[+-]?\d+/)[0]) * 1_000_000n),
  T: whole('%H:%M:%S'),
  X: whole('%H:%M:%S'),
  x: whole('%m/%d/%y'),
  Y: (c, p) => void (p.year = c.number(4, 1, 9999)),
  E4Y: (c, p) => void (p.year = c.number(4, 1, 9999)),
  y: (c, p) => {
    const short = c.number(2, 0, 99);
    p.year = short + (short < 69 ? 2000 : 1900);
  },
  z: readZone,
  Ez: readZone,
  Q: (c, p) => void (p.month = (c.number(1, 1, 4) - 1) * 3 + 1),
  u: (c) => void c.number(1, 1, 7),
  w: (c) => void c.number(1, 0, 6),
  '%': (c) => void c.match(/%/),
};
const ELEMENT = /%(E(?:[0-9]|\*)S|E4Y|Ez|[^])|(\s+)|([^])/gu;

function readFormat(cursor: Cursor, format: string, parts: Parts): void {
  for (const [, letter, space, other] of format.matchAll(ELEMENT)) {
    if (space !== undefined) cursor.match(/\s*/);
    else if (other !== undefined) {
      if (!cursor.text.startsWith(other, cursor.at)) throw cursor.fail();
      cursor.at += other.length;
    } else if (letter !== undefined && /^E.S$/.test(letter)) readSeconds(cursor, parts);
    else {
      const read = ELEMENTS[letter ?? ''];
      if (read === undefined)
        throw new Error(`Not supported by this server: parsing the format element %${letter ?? ''}`);
      read(cursor, parts);
    }
  }
}

/** A text by a format: its local time, or its instant if it names one. */
function parse(
  format: string,
  text: string,
): { readonly local: bigint; readonly instant: bigint | undefined } {
  const cursor = new Cursor(text, format);
  const parts: Parts = {
    year: 1970,
    month: 1,
    day: 1,
    dayOfYear: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    micros: 0n,
    hour12: undefined,
    afternoon: false,
    century: undefined,
    offset: undefined,
    epoch: undefined,
  };
  cursor.match(/\s*/);
  readFormat(cursor, format, parts);
  cursor.match(/\s*/);
  if (cursor.at < text.length) throw cursor.fail();
  if (parts.epoch !== undefined) return { local: parts.epoch, instant: parts.epoch };
  const local = localOf(parts, cursor);
  return { local, instant: parts.offset === undefined ? undefined : local - parts.offset };
}

function localOf(parts: Parts, cursor: Cursor): bigint {
  const year = parts.century === undefined ? parts.year : parts.century * 100 + (parts.year % 100);
  const date = new Date(0);
  if (parts.dayOfYear !== undefined) date.setUTCFullYear(year, 0, parts.dayOfYear);
  else date.setUTCFullYear(year, parts.month - 1, parts.day);
  if (parts.dayOfYear === undefined && date.getUTCDate() !== parts.day) throw cursor.fail();
  const hour = parts.hour12 === undefined ? parts.hour : (parts.hour12 % 12) + (parts.afternoon ? 12 : 0);
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + parts.minute * 60 + parts.second);
  return seconds * 1_000_000n + parts.micros;
}

/** PARSE_… functions. Source: docs/reference/standard-sql/format-elements, read 2026-11-29. */
export const DATE_PARSE_FUNCTIONS = [
  define(
    'parse_date_by',
    ['VARCHAR', 'VARCHAR'],
    'DATE',
    (format, text) => splitLocal(parse(format, text).local).days,
  ),
  define(
    'parse_time_by',
    ['VARCHAR', 'VARCHAR'],
    'TIME',
    (format, text) => splitLocal(parse(format, text).local).time,
  ),
  define(
    'parse_datetime_by',
    ['VARCHAR', 'VARCHAR'],
    'TIMESTAMP',
    (format, text) => parse(format, text).local,
  ),
  define('parse_timestamp_by', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'TIMESTAMPTZ', (format, text, zone) => {
    const { local, instant } = parse(format, text);
    return instant ?? instantOfLocal(local, zone);
  }),
];
