/** Types that a string may have by its syntax. */
export type DateType = 'DATE' | 'DATETIME' | 'TIMESTAMP';

/**
 * A string with the strict syntax of a date type.
 *
 * `isInRange` is false when only the year (written, or of the instant in UTC) is outside 0001–9999.
 */
export interface DateText {
  readonly type: DateType;
  readonly isInRange: boolean;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** One object for each outcome: this runs once for every string in a date column. */
const IN_RANGE = {
  DATE: { type: 'DATE', isInRange: true },
  DATETIME: { type: 'DATETIME', isInRange: true },
  TIMESTAMP: { type: 'TIMESTAMP', isInRange: true },
} as const;
const OUT_OF_RANGE = {
  DATE: { type: 'DATE', isInRange: false },
  DATETIME: { type: 'DATETIME', isInRange: false },
  TIMESTAMP: { type: 'TIMESTAMP', isInRange: false },
} as const;
const MINUTES_PER_DAY = 1440;

/**
 * Recognise `YYYY-MM-DD`, and RFC 3339 date-times with and without zone: real calendar dates, capital `T` and `Z`, no
 * second 60, one to six fraction digits, offsets to ±23:59. Anything else is null: a string and nothing more.
 *
 * Source: RFC 3339 section 5.6, read 2026-11-22; BigQuery keeps microseconds.
 */
export function readDateText(text: string): DateText | null {
  const length = text.length;
  if (length < 10 || length > 32) return null;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return null;
  const year = digits2(text, 0) * 100 + digits2(text, 2);
  const month = digits2(text, 5);
  const day = digits2(text, 8);
  if (!isRealDate(year, month, day)) return null;
  const ofYear = year >= 1 ? IN_RANGE : OUT_OF_RANGE;
  if (length === 10) return ofYear.DATE;

  const minutes = readMinutesOfDay(text);
  if (minutes < 0) return null;
  const zoneAt = skipFraction(text);
  if (zoneAt < 0) return null;
  if (zoneAt === length) return ofYear.DATETIME;
  const offset = readOffset(text, zoneAt);
  if (Number.isNaN(offset)) return null;
  return isInstantInRange(year, month, day, minutes - offset) ? ofYear.TIMESTAMP : OUT_OF_RANGE.TIMESTAMP;
}

/** Two decimal digits as a number; NaN-free: −10000 when they are not digits, so that every range check fails. */
function digits2(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000;
}

function isRealDate(year: number, month: number, day: number): boolean {
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
}

function readMinutesOfDay(text: string): number {
  if (text.length < 19 || text.charCodeAt(10) !== 84) return -1;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1;
  const hour = digits2(text, 11);
  const minute = digits2(text, 14);
  const second = digits2(text, 17);
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return isTime ? hour * 60 + minute : -1;
}

/** The offset after the seconds' fraction, or −1 when there is a point without one to six digits. */
function skipFraction(text: string): number {
  if (text.charCodeAt(19) !== 46) return 19;
  let at = 20;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at === 20 || at > 26 ? -1 : at;
}

/** Minutes east of UTC, or NaN. */
function readOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 90) return text.length === at + 1 ? 0 : NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58) return NaN;
  const hours = digits2(text, at + 1);
  const minutes = digits2(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (hours * 60 + minutes) * (sign === 45 ? -1 : 1);
}

function isInstantInRange(year: number, month: number, day: number, minutesOfDayUtc: number): boolean {
  if (minutesOfDayUtc < 0) return year > 1 || month > 1 || day > 1;
  if (minutesOfDayUtc >= MINUTES_PER_DAY) return year < 9999 || month < 12 || day < 31;
  return true;
}
