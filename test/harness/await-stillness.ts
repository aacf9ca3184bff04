import { audit, sumCounts, type BooksCounts, type Span } from '@pipeline/books';
import { pause } from '@pipeline/cli';
import type { Sql } from '@pipeline/google-clients';
import type { Balancer } from './balancer.js';

/** Longer than Pub/Sub waits between two deliveries in the lab: afterwards no delivery follows. */
const QUIET_MS = 4_000;
/** The same with an allowance for a busy machine, when messages are missing and no delivery is in progress. */
const DEAD_QUIET_MS = 10_000;
const POLL_MS = 1_000;
/** Pause between two audits as a multiple of an audit's duration, because audits of a long run are expensive. */
const PAUSES = 3;

/** The end of the wait. */
export interface Stillness {
  /** Every published message has an outcome, and nothing is in progress. */
  readonly isStill: boolean;
  readonly totals: BooksCounts;
}

/**
 * Waits until every message is a row or a dead letter and no delivery is in progress. Gives up when nothing has changed
 * within the patience or, if table-manager writes the rows, when no delivery is in progress any more.
 */
export async function awaitStillness(
  sql: Sql,
  {
    span,
    published,
    balancer,
    patienceMs,
    endsWithDeliveries,
    gone = 0,
  }: {
    readonly span: Span;
    readonly published: number;
    readonly balancer: Pick<Balancer, 'quietMs'>;
    readonly patienceMs: number;
    /** True if table-manager writes the rows, so that no delivery means no more rows. */
    readonly endsWithDeliveries: boolean;
    /** Messages whose rows were deleted on purpose. */
    readonly gone?: number;
  },
  {
    signal,
    onProgress,
    onFailure,
  }: {
    readonly signal: AbortSignal;
    readonly onProgress?: (totals: BooksCounts) => void;
    /** Called when an audit fails. */
    readonly onFailure?: (error: unknown) => void;
  },
): Promise<Stillness> {
  let lastTotals: BooksCounts = sumCounts([]);
  let changedAtMs = performance.now();
  let failedAtMs = -Infinity;
  for (;;) {
    const askedAtMs = performance.now();
    // The query may fail: it meets the same faults as the replicas.
    const looked = await audit(sql, { span, now: new Date(), inProgressMs: 0, limit: 1 }).catch(
      (error: unknown) => {
        onFailure?.(error);
        return null;
      },
    );
    const totals = looked?.totals ?? lastTotals;
    if (looked === null) failedAtMs = performance.now();
    else onProgress?.(totals);
    if (JSON.stringify(totals) !== JSON.stringify(lastTotals)) changedAtMs = askedAtMs;
    lastTotals = totals;
    const isBalanced = looked !== null && totals.unaccounted <= gone && totals.received >= published;
    if (isBalanced && balancer.quietMs >= QUIET_MS) return { isStill: true, totals };
    const unchangedMs = performance.now() - changedAtMs;
    // A failed audit does not show that nothing has changed.
    const quietMs = Math.min(balancer.quietMs, unchangedMs, performance.now() - failedAtMs);
    const isOver = endsWithDeliveries && quietMs >= DEAD_QUIET_MS;
    if (signal.aborted || isOver || unchangedMs >= patienceMs) return { isStill: isBalanced, totals };
    await pause(Math.max(POLL_MS, PAUSES * (performance.now() - askedAtMs)), signal);
  }
}
