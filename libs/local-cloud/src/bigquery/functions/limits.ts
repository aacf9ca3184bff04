import { RESOURCES_EXCEEDED } from '../rules/api-error.js';
import { defineLimit, type Interval } from './define.js';

/** Most elements of a generated array. A row of BigQuery has at most 100 MB; 4,000,000 elements are read in a second. */
const MAX_ARRAY_ELEMENTS = 4_000_000;
const BYTES_PER_ELEMENT = 8;
const DAY_MICROS = 86_400_000_000n;
const SHORTEST_MONTH_DAYS = 28n;

/** Throws if a generated array would have more elements than {@link MAX_ARRAY_ELEMENTS}. */
export function checkElements(count: number): void {
  if (count > MAX_ARRAY_ELEMENTS)
    throw new Error(
      `${RESOURCES_EXCEEDED} the array would have ${count} elements; this server generates at most ${MAX_ARRAY_ELEMENTS}.`,
    );
}

/**
 * The elements from `start` to `end`.
 *
 * Errors: see {@link checkElements}.
 */
export function countElements(start: bigint, end: bigint, step: bigint): number {
  const isEmpty = step === 0n || (step > 0n ? start > end : start < end);
  const count = isEmpty ? 0 : Number((end - start) / step) + 1;
  checkElements(count);
  return count;
}

function countTimes(end: bigint, start: bigint, { months, days, micros }: Interval): number {
  return countElements(
    start,
    end,
    micros + (BigInt(days) + BigInt(months) * SHORTEST_MONTH_DAYS) * DAY_MICROS,
  );
}

/**
 * Limits for functions of DuckDB that make much of little: each gives its first argument back, and the query ends if the
 * values of one vector would need too much memory, because DuckDB counts that memory nowhere.
 */
export const LIMIT_FUNCTIONS = [
  defineLimit('budget_integers', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', (end, start, step) => {
    return countElements(start, end, step) * BYTES_PER_ELEMENT;
  }),
  defineLimit('budget_datetimes', ['TIMESTAMP', 'TIMESTAMP', 'INTERVAL'], 'TIMESTAMP', (end, start, step) => {
    return countTimes(end, start, step) * BYTES_PER_ELEMENT;
  }),
  defineLimit(
    'budget_timestamps',
    ['TIMESTAMPTZ', 'TIMESTAMPTZ', 'INTERVAL'],
    'TIMESTAMPTZ',
    (end, start, step) => {
      return countTimes(end, start, step) * BYTES_PER_ELEMENT;
    },
  ),
  defineLimit('budget_text', ['VARCHAR', 'BIGINT'], 'VARCHAR', (_text, bytes) => Number(bytes)),
];
