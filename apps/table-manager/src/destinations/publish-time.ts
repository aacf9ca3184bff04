const BEYOND_MICROSECONDS = /(\.\d{6})\d+/;

/** A publish time with at most the six fraction digits that BigQuery's TIMESTAMP holds. */
export function toMicroseconds(publishTime: string): string {
  return publishTime.replace(BEYOND_MICROSECONDS, '$1');
}
