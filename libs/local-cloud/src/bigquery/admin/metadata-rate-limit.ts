import { BigqueryError } from '../rules/api-error.js';

const WINDOW_MS = 10_000;

/**
 * BigQuery's limit on changes of one table: 5 in 10 seconds, 50 for a partitioned table.
 *
 * Error: 403 `rateLimitExceeded`. Off unless `enabled`.
 * Source: cloud.google.com/bigquery/quotas#standard_tables, read 2026-11-22.
 */
export class MetadataRateLimit {
  readonly #changesMs = new Map<string, number[]>();

  constructor(
    private readonly now: () => number,
    public enabled: boolean,
  ) {}

  /** Throws when the table had its share; call before a change has any effect. */
  check(table: string, isPartitioned: boolean): void {
    if (!this.enabled) return;
    if (this.#recent(table).length < (isPartitioned ? 50 : 5)) return;
    throw new BigqueryError({
      reason: 'rateLimitExceeded',
      message:
        'Exceeded rate limits: too many table update operations for this table. For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas',
    });
  }

  /** Notes a change that was made. */
  record(table: string): void {
    if (this.enabled) this.#changesMs.set(table, [...this.#recent(table), this.now()]);
  }

  #recent(table: string): number[] {
    const now = this.now();
    return (this.#changesMs.get(table) ?? []).filter((changedMs) => now - changedMs < WINDOW_MS);
  }
}
