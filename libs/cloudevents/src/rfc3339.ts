const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Tells whether a text is an RFC 3339 date-time that exists.
 *
 * Shape: `2026-11-22T23:05:00.123456Z` → true; `2026-02-30T00:00:00Z`, a missing zone or a small `t` → false.
 * Source: RFC 3339 §5.6; Pub/Sub writes UTC with up to nine fraction digits, read 2026-11-22.
 */
export function isRfc3339(text: string): boolean {
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
