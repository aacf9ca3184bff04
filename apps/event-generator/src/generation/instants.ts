/** 2024-01-15T00:00:00Z, the day of the examples in the project's documentation. */
const SEEDED_EPOCH_MS = Date.UTC(2024, 0, 15);
const DAY_MS = 86_400_000;
const SEEDED_DAYS = 366;

/**
 * Returns the instant at which a seed's events end, so that a seed gives the same times whenever it is used.
 *
 * Shape: 0 → 2024-01-15T23:59:59Z; within 366 days from there.
 */
export function instantOfSeed(seed: number): Date {
  return new Date(SEEDED_EPOCH_MS + ((seed % SEEDED_DAYS) + 1) * DAY_MS - 1000);
}

/** RFC 3339 in UTC without a fraction: `2024-01-15T10:30:00Z`. */
export function toTimestamp(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** The day in UTC: `2024-01-15`. */
export function toDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
