import { DATE_IN_RANGE, DATETIME_IN_RANGE, readDateText, TIMESTAMP_IN_RANGE } from '../values/date-text.js';
import { daysFromCivil, parseDays, parseInstant, toMicros } from '../values/instant.js';

const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;
const LONGEST_FRACTION = 6;
/** Longer texts, with more than six fraction digits, are left to the parser. */
const LONGEST = 35;
const HYPHEN = 45;
const POINT = 46;
const CAPITAL_Z = 90;
const SECONDS_PER_DAY = 86_400;
const MICROS = 1_000_000;

/** The days from 1970-01-01 to the date between two quotes, or NaN if that is no date in range, as `readDateText` has it. */
export function dateDays(bytes: Buffer, from: number, to: number): number {
  if (to - from !== DATE_LENGTH) return NaN;
  const days = usualDays(bytes, from);
  if (days !== NOT_USUAL) return days;
  const text = bytes.toString('latin1', from, to);
  return readDateText(text) === DATE_IN_RANGE ? (parseDays(text) ?? NaN) : NaN;
}

/**
 * The microseconds from 1970 to the instant between two quotes; NaN if that is none in range, or not a safe integer, which
 * is before 1684 and after 2255.
 */
export function timestampMicros(bytes: Buffer, from: number, to: number): number {
  const length = to - from;
  if (length <= SECONDS_LENGTH || length > LONGEST) return NaN;
  const days = bytes[to - 1] === CAPITAL_Z ? usualDays(bytes, from) : NOT_USUAL;
  const seconds = days === NOT_USUAL ? -1 : secondsOfDay(bytes, from + DATE_LENGTH);
  const fraction = seconds < 0 ? -1 : fractionMicros(bytes, from + SECONDS_LENGTH, to - 1);
  if (fraction < 0) return otherMicros(bytes, from, to);
  const micros = (days * SECONDS_PER_DAY + seconds) * MICROS + fraction;
  return Number.isSafeInteger(micros) ? micros : NaN;
}

/** True if the bytes between two quotes are a DATETIME in range that is written as it is. */
export function isDatetime(bytes: Buffer, from: number, to: number): boolean {
  const length = to - from;
  if (length < SECONDS_LENGTH || length > LONGEST) return false;
  if (length === SECONDS_LENGTH && usualDays(bytes, from) !== NOT_USUAL) {
    return secondsOfDay(bytes, from + DATE_LENGTH) >= 0;
  }
  return readDateText(bytes.toString('latin1', from, to)) === DATETIME_IN_RANGE;
}

/** Reads any other form as text. */
function otherMicros(bytes: Buffer, from: number, to: number): number {
  const text = bytes.toString('latin1', from, to);
  if (readDateText(text) !== TIMESTAMP_IN_RANGE) return NaN;
  const instant = parseInstant(text);
  const micros = instant === null ? NaN : toMicros(instant);
  return typeof micros === 'number' ? micros : NaN;
}

/** Two decimal digits as a number, or a negative one. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
}

/** No number of days. */
const NOT_USUAL = -0x40000000;

/** The days to `YYYY-MM-DD` of a year from 1000, not after the 28th: a real date whatever the month. Others are NOT_USUAL. */
function usualDays(bytes: Uint8Array, at: number): number {
  const century = twoDigits(bytes, at);
  const yearOfCentury = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (((century - 10) | yearOfCentury | (month - 1) | (12 - month) | (day - 1) | (28 - day)) < 0) {
    return NOT_USUAL;
  }
  if (bytes[at + 4] !== HYPHEN || bytes[at + 7] !== HYPHEN) return NOT_USUAL;
  return daysFromCivil(century * 100 + yearOfCentury, month, day);
}

/** `Thh:mm:ss` as seconds, or a negative number. */
function secondsOfDay(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 84 || bytes[at + 3] !== 58 || bytes[at + 6] !== 58) return -1;
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  const second = twoDigits(bytes, at + 7);
  if ((hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) < 0) return -1;
  return hour * 3_600 + minute * 60 + second;
}

/** A point and one to six digits as microseconds, or nothing, which is 0; negative for anything else. */
function fractionMicros(bytes: Uint8Array, from: number, to: number): number {
  if (from === to) return 0;
  const digits = to - from - 1;
  if (bytes[from] !== POINT || digits < 1 || digits > LONGEST_FRACTION) return -1;
  let micros = 0;
  for (let index = 1; index <= LONGEST_FRACTION; index++) {
    const digit = index <= digits ? (bytes[from + index] as number) - 48 : 0;
    if (digit < 0 || digit > 9) return -1;
    micros = micros * 10 + digit;
  }
  return micros;
}
