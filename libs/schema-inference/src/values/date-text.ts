/** Types that a string can have by its syntax. */
export type DateType = 'DATE' | 'DATETIME' | 'TIMESTAMP';

/**
 * A string with the strict syntax of a date type.
 *
 * `isInRange` is false when only the year (written, or of the instant in UTC) is outside 0001–9999.
 */
export interface DateText {
  readonly type: DateType;
  readonly isInRange: boolean;
  /** More than six fraction digits, those after the sixth being zeros. */
  readonly isLong?: true;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** One object per outcome, compared by identity, because this runs once for every string in a date column. */
export const DATE_IN_RANGE: DateText = { type: 'DATE', isInRange: true };
export const DATETIME_IN_RANGE: DateText = { type: 'DATETIME', isInRange: true };
export const TIMESTAMP_IN_RANGE: DateText = { type: 'TIMESTAMP', isInRange: true };
const DATE_OUT_OF_RANGE: DateText = { type: 'DATE', isInRange: false };
const DATETIME_OUT_OF_RANGE: DateText = { type: 'DATETIME', isInRange: false };
const TIMESTAMP_OUT_OF_RANGE: DateText = { type: 'TIMESTAMP', isInRange: false };
/** A DATETIME is written to BigQuery as text, so its zeros have to be cut; a TIMESTAMP is written as microseconds. */
const DATETIME_LONG: DateText = { type: 'DATETIME', isInRange: true, isLong: true };
const MINUTES_PER_DAY = 1440;
/** Offset after the sixth fraction digit. */
const LAST_MICROSECOND = 26;

/**
 * Recognises `YYYY-MM-DD`, and RFC 3339 date-times with and without zone: real calendar dates, capital `T` and `Z`, no
 * second 60, one to six fraction digits (more only if they are zeros: Go, Java and Protobuf print nine), offsets to ±23:59. Returns null for any other string.
 *
 * Source: RFC 3339 section 5.6, read 2026-11-22; BigQuery keeps microseconds.
 */
export function readDateText(text: string): DateText | null {
  const { length } = text;
  if (length < 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if ((century | yearOfCentury | month | day) < 0) return null;
  const year = century * 100 + yearOfCentury;
  if (!isRealDate(year, month, day)) return null;
  if (length === 10) return year > 0 ? DATE_IN_RANGE : DATE_OUT_OF_RANGE;

  const minutes = readMinutesOfDay(text);
  if (minutes < 0) return null;
  const zoneAt = skipFraction(text);
  if (zoneAt < 0) return null;
  if (zoneAt === length) {
    if (year === 0) return DATETIME_OUT_OF_RANGE;
    return zoneAt > LAST_MICROSECOND ? DATETIME_LONG : DATETIME_IN_RANGE;
  }
  const offset = readOffset(text, zoneAt);
  if (Number.isNaN(offset)) return null;
  const isInstant = year > 0 && isInstantInRange(year, month, day, minutes - offset);
  return isInstant ? TIMESTAMP_IN_RANGE : TIMESTAMP_OUT_OF_RANGE;
}

const DASH = 45;
const CAPITAL_Z = 90;

/** Returns two decimal digits as a number, or −1; or-ing several results shows whether one was −1. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
}

function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
}

function readMinutesOfDay(text: string): number {
  if (text.length < 19 || text.charCodeAt(10) !== 84) return -1;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  return (hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) < 0 ? -1 : hour * 60 + minute;
}

/** Cuts a date-time's fraction after six digits; the digits cut must be zeros. */
export function cutFraction(text: string): string {
  return text.slice(0, LAST_MICROSECOND) + text.slice(skipFraction(text));
}

/** The offset after the seconds' fraction, or −1 if it has no digit, or more than six that are not zeros. */
function skipFraction(text: string): number {
  if (text.charCodeAt(19) !== 46) return 19;
  let at = 20;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  if (at <= LAST_MICROSECOND) return at === 20 ? -1 : at;
  for (let extra = LAST_MICROSECOND; extra < at; extra++) if (text.charCodeAt(extra) !== 48) return -1;
  return at;
}

/** Minutes east of UTC, or NaN. */
function readOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === CAPITAL_Z) return text.length === at + 1 ? 0 : NaN;
  if ((sign !== 43 && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58) return NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (hours * 60 + minutes) * (sign === DASH ? -1 : 1);
}

function isInstantInRange(year: number, month: number, day: number, minutesOfDayUtc: number): boolean {
  if (minutesOfDayUtc < 0) return year > 1 || month > 1 || day > 1;
  if (minutesOfDayUtc >= MINUTES_PER_DAY) return year < 9999 || month < 12 || day < 31;
  return true;
}
