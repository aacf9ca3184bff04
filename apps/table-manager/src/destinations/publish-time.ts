const BEYOND_MICROSECONDS = /(\.\d{6})\d+/;

/** Characters of a time in UTC with six fraction digits, as most are: no shorter one has more. */
const LONGEST_IN_UTC = 27;

/** A publish time with at most the six fraction digits that BigQuery's TIMESTAMP holds. */
export function toMicroseconds(publishTime: string): string {
  return publishTime.length <= LONGEST_IN_UTC ? publishTime : publishTime.replace(BEYOND_MICROSECONDS, '$1');
}
