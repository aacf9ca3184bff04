const DATE_TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Tells whether a text is an RFC 3339 date-time that exists.
 *
 * Shape: `2026-11-22T23:05:00.123456Z` → true; `2026-02-30T00:00:00Z`, a missing zone or a small `t` → false.
 * Source: RFC 3339 §5.6; Pub/Sub writes UTC with up to nine fraction digits, read 2026-11-22.
 */
export function isRfc3339(text: string): boolean {
  const day = DATE_TIME.exec(text)?.[1];
  return day !== undefined && isRealDay(day) && !Number.isNaN(Date.parse(text));
}

/** `Date.parse` rolls the 30th of February over into March; a day that does not come back unchanged is none. */
function isRealDay(day: string): boolean {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(day);
}
