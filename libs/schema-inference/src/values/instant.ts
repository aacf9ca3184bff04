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
  const days = daysAt(text);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (days === null || (hour | minute | second) < 0) return null;
  let zoneAt = 19;
  let micros = 0;
  if (text.charCodeAt(19) === POINT) {
    zoneAt = endOfDigits(text, 20);
    const end = Math.min(zoneAt, 26);
    micros = digits(text, 20, end - 20) * 10 ** (26 - end);
    if (zoneAt === 20 || digits(text, end, zoneAt - end) !== 0) return null;
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

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const COLON = 58;
/** Sets the bit in which a small and a capital letter differ. */
const SMALL = 32;
const SMALL_Z = 122;

function daysAt(text: string): number | null {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if ((year | month | day) < 0 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return null;
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

/**
 * Days from 1970-01-01 to a date of the years 0 to 9999. Years begin in March, so that a leap day is the last one of its year;
 * a cycle of 400 years is added, so that nothing is negative.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const isEarly = month <= 2;
  const marchYear = year + CYCLE_YEARS - (isEarly ? 1 : 0);
  const dayOfYear = (((153 * (isEarly ? month + 9 : month - 3) + 2) / 5) | 0) + day - 1;
  const leapDays = ((marchYear / 4) | 0) - ((marchYear / 100) | 0) + ((marchYear / 400) | 0);
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** A run of decimal digits as a number; negative where one of them is none. */
function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
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
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if ((hours | minutes) < 0) return null;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}
