const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Returns true if the text is an RFC 3339 date-time that exists.
 *
 * Shape: `2026-11-22T23:05:00.123456Z` → true; `2026-02-30T00:00:00Z`, a missing zone or a small `t` → false.
 * Source: RFC 3339 §5.6; Pub/Sub writes UTC with up to nine fraction digits, read 2026-11-22.
 */
export function isRfc3339(text: string): boolean {
  if (isCommonForm(text)) {
    return true;
  }
  const parts = DATE_TIME.exec(text);
  if (parts === null || Number.isNaN(Date.parse(text))) {
    return false;
  }
  // Date.parse takes the 30th of February for a day in March: a day that does not come back unchanged is none. The
  // century is left out, because Date.UTC takes years below 100 for years of the last one; 2000 is a leap year too.
  const year = 2000 + (Number(parts[1]) % 400);
  const day = Number(parts[3]);
  return new Date(Date.UTC(year, Number(parts[2]) - 1, day)).getUTCDate() === day;
}

const ZERO = 0x30;
const [DASH, COLON, T, POINT, Z] = [0x2d, 0x3a, 0x54, 0x2e, 0x5a];

/** True for the form that Pub/Sub writes, in UTC, on days 1 to 28: checked by character, many times faster. */
function isCommonForm(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    twoDigits(text, 0) <= 99 &&
    twoDigits(text, 2) <= 99 &&
    isWithin(twoDigits(text, 5), 1, 12) &&
    isWithin(twoDigits(text, 8), 1, 28) &&
    twoDigits(text, 11) <= 23 &&
    twoDigits(text, 14) <= 59 &&
    twoDigits(text, 17) <= 59 &&
    isFractionAndZ(text)
  );
}

function isFractionAndZ(text: string): boolean {
  const last = text.length - 1;
  if (text.charCodeAt(last) !== Z || last === 20 || last > 29) {
    return false;
  }
  for (let at = 20; at < last; at++) {
    if (!isWithin(text.charCodeAt(at) - ZERO, 0, 9)) return false;
  }
  return last === 19 || text.charCodeAt(19) === POINT;
}

/** Returns the number of two digits; infinity if they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const units = text.charCodeAt(at + 1) - ZERO;
  return isWithin(tens, 0, 9) && isWithin(units, 0, 9) ? tens * 10 + units : Number.POSITIVE_INFINITY;
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
