import { MICROS_PER_DAY } from '../rules/civil-time.js';
import { define } from './define.js';
import { offsetText, splitLocal } from './times.js';
import { floorDivide, localTime, zoneOffset } from './zones.js';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A local time taken apart, with the zone it is of. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  readonly offset: bigint;
  readonly instant: bigint;
}

export function civilOf(local: bigint, offset = 0n): Civil {
  const { days, time } = splitLocal(local);
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  const first = new Date(0);
  first.setUTCFullYear(year, 0, 1);
  const seconds = Number(time / 1_000_000n);
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: days - first.getTime() / 86_400_000 + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: Number(time % 1_000_000n),
    offset,
    instant: local - offset,
  };
}

function isoWeek(t: Civil): { readonly year: number; readonly week: number } {
  const isoDay = t.weekday === 0 ? 7 : t.weekday;
  const thursday = t.dayOfYear - isoDay + 4;
  if (thursday < 1) return { year: t.year - 1, week: Math.ceil((thursday + daysIn(t.year - 1)) / 7) };
  if (thursday > daysIn(t.year)) return { year: t.year + 1, week: 1 };
  return { year: t.year, week: Math.ceil(thursday / 7) };
}

function daysIn(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}

const two = (n: number): string => String(n).padStart(2, '0');
const spaced = (n: number): string => String(n).padStart(2, ' ');
const hour12 = (t: Civil): number => t.hour % 12 || 12;

function fraction(t: Civil, digits: number | undefined): string {
  const all = String(t.micros).padStart(6, '0');
  const text = digits === undefined ? all.replace(/0+$/, '') : all.padEnd(digits, '0').slice(0, digits);
  return text === '' ? '' : `.${text}`;
}

function zoneName(offset: bigint): string {
  if (offset === 0n) return 'UTC';
  const text = offsetText(offset, ':', true);
  return `UTC${text.replace(/^([+-])0/, '$1')}`;
}

const ELEMENTS: Readonly<Record<string, (t: Civil) => string>> = {
  A: (t) => WEEKDAYS[t.weekday] ?? '',
  a: (t) => (WEEKDAYS[t.weekday] ?? '').slice(0, 3),
  B: (t) => MONTHS[t.month - 1] ?? '',
  b: (t) => (MONTHS[t.month - 1] ?? '').slice(0, 3),
  h: (t) => (MONTHS[t.month - 1] ?? '').slice(0, 3),
  C: (t) => two(Math.floor(t.year / 100)),
  c: (t) => formatCivil('%a %b %e %H:%M:%S %Y', t),
  D: (t) => formatCivil('%m/%d/%y', t),
  d: (t) => two(t.day),
  e: (t) => spaced(t.day),
  F: (t) => formatCivil('%Y-%m-%d', t),
  G: (t) => String(isoWeek(t).year),
  g: (t) => two(isoWeek(t).year % 100),
  H: (t) => two(t.hour),
  I: (t) => two(hour12(t)),
  J: (t) => String((isoWeek(t).week - 1) * 7 + (t.weekday === 0 ? 7 : t.weekday)).padStart(3, '0'),
  j: (t) => String(t.dayOfYear).padStart(3, '0'),
  k: (t) => spaced(t.hour),
  l: (t) => spaced(hour12(t)),
  M: (t) => two(t.minute),
  m: (t) => two(t.month),
  n: () => '\n',
  P: (t) => (t.hour < 12 ? 'am' : 'pm'),
  p: (t) => (t.hour < 12 ? 'AM' : 'PM'),
  Q: (t) => String(Math.ceil(t.month / 3)),
  R: (t) => formatCivil('%H:%M', t),
  r: (t) => formatCivil('%I:%M:%S %p', t),
  S: (t) => two(t.second),
  s: (t) => String(floorDivide(t.instant, 1_000_000n)),
  T: (t) => formatCivil('%H:%M:%S', t),
  t: () => '\t',
  U: (t) => two(Math.floor((t.dayOfYear + 6 - t.weekday) / 7)),
  u: (t) => String(t.weekday === 0 ? 7 : t.weekday),
  V: (t) => two(isoWeek(t).week),
  W: (t) => two(Math.floor((t.dayOfYear + 6 - ((t.weekday + 6) % 7)) / 7)),
  w: (t) => String(t.weekday),
  X: (t) => formatCivil('%H:%M:%S', t),
  x: (t) => formatCivil('%m/%d/%y', t),
  Y: (t) => String(t.year),
  y: (t) => two(t.year % 100),
  Z: (t) => zoneName(t.offset),
  z: (t) => offsetText(t.offset, '', false),
  Ez: (t) => offsetText(t.offset, ':', false),
  E4Y: (t) => String(t.year).padStart(4, '0'),
  '%': () => '%',
};
const ELEMENT = /%(E(?:[0-9]|\*)S|E4Y|Ez|E[A-Za-z]|O[A-Za-z]|[^])/g;

/** A time by a format. Source: docs/reference/standard-sql/format-elements, read 2026-11-29. */
export function formatCivil(format: string, t: Civil): string {
  return format.replaceAll(ELEMENT, (all, letter: string) => {
    const seconds = /^E([0-9]|\*)S$/.exec(letter);
    if (seconds !== null)
      return two(t.second) + fraction(t, seconds[1] === '*' ? undefined : Number(seconds[1]));
    const write = ELEMENTS[letter] ?? (/^[EO][A-Za-z]$/.test(letter) ? ELEMENTS[letter.slice(1)] : undefined);
    return write === undefined ? all : write(t);
  });
}

/** Elements of `CAST(… AS STRING FORMAT '…')`. */
const CAST_ELEMENT =
  /"((?:[^"\\]|\\.)*)"|YYYY|RRRR|YYY|YY|RR|Y|MONTH|Month|month|MON|Mon|mon|MM|DDD|DD|D|DAY|Day|day|DY|Dy|dy|HH24|HH12|HH|MI|SSSSS|SS|FF\d|AM|PM|A\.M\.|P\.M\.|TZH|TZM|[-./,';: ]/g;

function castElement(element: string, quoted: string | undefined, t: Civil): string {
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
  const styled = (name: string): string =>
    element === element.toUpperCase()
      ? name.toUpperCase()
      : element === element.toLowerCase()
        ? name.toLowerCase()
        : name;
  switch (element.toUpperCase()) {
    case 'YYYY':
    case 'RRRR':
      return String(t.year).padStart(4, '0');
    case 'YYY':
      return String(t.year % 1000).padStart(3, '0');
    case 'YY':
    case 'RR':
      return two(t.year % 100);
    case 'Y':
      return String(t.year % 10);
    case 'MONTH':
      return styled(MONTHS[t.month - 1] ?? '');
    case 'MON':
      return styled((MONTHS[t.month - 1] ?? '').slice(0, 3));
    case 'MM':
      return two(t.month);
    case 'DDD':
      return String(t.dayOfYear).padStart(3, '0');
    case 'DD':
      return two(t.day);
    case 'D':
      return String(t.weekday + 1);
    case 'DAY':
      return styled(WEEKDAYS[t.weekday] ?? '');
    case 'DY':
      return styled((WEEKDAYS[t.weekday] ?? '').slice(0, 3));
    case 'HH24':
      return two(t.hour);
    case 'HH':
    case 'HH12':
      return two(hour12(t));
    case 'MI':
      return two(t.minute);
    case 'SS':
      return two(t.second);
    case 'SSSSS':
      return String(t.hour * 3600 + t.minute * 60 + t.second).padStart(5, '0');
    case 'AM':
    case 'PM':
      return t.hour < 12 ? 'AM' : 'PM';
    case 'A.M.':
    case 'P.M.':
      return t.hour < 12 ? 'A.M.' : 'P.M.';
    default:
      if (/^FF\d$/i.test(element)) return fraction(t, Number(element[2])).slice(1);
      return element;
  }
}

function castFormat(local: bigint, format: string): string {
  const t = civilOf(local);
  let end = 0;
  const text = format.replaceAll(CAST_ELEMENT, (element, quoted: string | undefined, offset: number) => {
    if (offset !== end || element.startsWith('TZ'))
      throw new Error(`Not supported by this server: the format '${format}'`);
    end = offset + element.length;
    return castElement(element, quoted, t);
  });
  if (end !== format.length) throw new Error(`Cannot find matched format element at ${end} in '${format}'`);
  return text;
}

export const DATE_FORMAT_FUNCTIONS = [
  define('format_timestamp', ['VARCHAR', 'TIMESTAMPTZ', 'VARCHAR'], 'VARCHAR', (format, micros, zone) =>
    formatCivil(format, civilOf(localTime(micros, zone), zoneOffset(micros, zone))),
  ),
  define('format_datetime', ['VARCHAR', 'TIMESTAMP'], 'VARCHAR', (format, micros) =>
    formatCivil(format, civilOf(micros)),
  ),
  define('format_date', ['VARCHAR', 'TIMESTAMP'], 'VARCHAR', (format, micros) =>
    formatCivil(format, civilOf(floorDivide(micros, MICROS_PER_DAY) * MICROS_PER_DAY)),
  ),
  define('format_time', ['VARCHAR', 'TIME'], 'VARCHAR', (format, micros) =>
    formatCivil(format, civilOf(micros)),
  ),
  define('format_elements', ['TIMESTAMP', 'VARCHAR'], 'VARCHAR', castFormat),
];
