/** The Gregorian calendar repeats after 400 years. */
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;
/** From the 1st of March of the year −400. */
const DAYS_TO_1970 = 719_468 + CYCLE_DAYS;
const MICROS_PER_SECOND = 1_000_000;

/** `YYYY-MM-DD` as days from 1970-01-01, or null where it is no date. */
export function parseDays(text: string): number | null {
  return text.length === 10 ? daysAt(text) : null;
}

/** The instant of an RFC 3339 time, from 1970-01-01T00:00:00Z. `micros` is from 0 to 999,999, also before 1970. */
export interface Instant {
  readonly seconds: number;
  readonly micros: number;
}

/** Parses RFC 3339 with at most six fraction digits, or more if they are zeros; null for any other text. */
export function parseInstant(text: string): Instant | null {
  if (text.length < SHORTEST) return null;
  const days = daysAt(text);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (days === null || (hour | minute | second) < 0) return null;
  let zoneAt = SECONDS_END;
  let micros = 0;
  if (text.charCodeAt(SECONDS_END) === POINT) {
    zoneAt = endOfDigits(text, SECONDS_END + 1);
    micros = fractionMicros(text, zoneAt);
    if (micros < 0) return null;
  }
  const offset = offsetMinutes(text, zoneAt);
  if (offset === null) return null;
  return { seconds: days * 86_400 + (hour * 60 + minute - offset) * 60 + second, micros };
}

/** Microseconds from 1970: a number where a number is exact, which is from 1684 to 2255. */
export function toMicros({ seconds, micros }: Instant): number | bigint {
  const total = seconds * MICROS_PER_SECOND + micros;
  return Number.isSafeInteger(total) ? total : BigInt(seconds) * BigInt(MICROS_PER_SECOND) + BigInt(micros);
}

/** `YYYY-MM-DDThh:mm:ssZ`. */
const SHORTEST = 20;
const SECONDS_END = 19;
const FRACTION_DIGITS = 6;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const COLON = 58;
/** Sets the bit in which a small and a capital letter differ. */
const SMALL = 32;
const SMALL_Z = 122;

/** Needs ten characters. */
function daysAt(text: string): number | null {
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if ((century | yearOfCentury | month | day) < 0) return null;
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return null;
  const year = century * 100 + yearOfCentury;
  const isReal = month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysOfMonth(year, month));
  return isReal ? daysFromCivil(year, month, day) : null;
}

function daysOfMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2
    ? isLeap
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;
}

/** Days of a year that begins in March, by month. */
const DAYS_BEFORE_MONTH = Int32Array.of(0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275);

/**
 * Days from 1970-01-01 to a date of the years 0 to 9999. Years begin in March, so that a leap day is the last one of its year;
 * a cycle of 400 years is added, so that nothing is negative.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const isEarly = month <= 2;
  const marchYear = year + CYCLE_YEARS - (isEarly ? 1 : 0);
  const dayOfYear = (DAYS_BEFORE_MONTH[month] as number) + day - 1;
  // A hundredth without a division: exact for numbers below 43,699.
  const century = (marchYear * 5243) >>> 19;
  const leapDays = (marchYear >>> 2) - century + (century >>> 2);
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** Two decimal digits within the text as a number; negative if one of them is none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
}

/** The fraction digits up to `end` as microseconds; negative if there are none, or one after the sixth is not zero. */
function fractionMicros(text: string, end: number): number {
  const from = SECONDS_END + 1;
  if (end === from) return -1;
  let micros = 0;
  for (let index = 0; index < FRACTION_DIGITS; index++) {
    micros = micros * 10 + (from + index < end ? text.charCodeAt(from + index) - 48 : 0);
  }
  for (let at = from + FRACTION_DIGITS; at < end; at++) if (text.charCodeAt(at) !== 48) return -1;
  return micros;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}

function offsetMinutes(text: string, at: number): number | null {
  const sign = text.charCodeAt(at);
  if ((sign | SMALL) === SMALL_Z) return text.length === at + 1 ? 0 : null;
  if ((sign !== PLUS && sign !== MINUS) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON)
    return null;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if ((hours | minutes) < 0) return null;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}
