import type { Metrics } from '@pipeline/platform';
import type { Taken } from '../intake/take-outcome.js';

type Labels = Readonly<Record<'outcome' | 'reason', string>>;

/** From ten milliseconds, which a known schema takes, to the ten minutes that an event may wait for its schema. */
const LAG_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counts what becomes of events, and how long after its publishing each was acknowledged. */
export class EventMetrics {
  /** By outcome and reason, joined by a space, which neither holds: counting is a matter of nanoseconds then. */
  readonly #counts = new Map<string, number>();
  readonly #lag: { observe(value: number): void };

  constructor(metrics: Metrics) {
    metrics.counts({
      name: 'pipeline_events_total',
      help: 'Deliveries of events by what became of them, and why',
      labels: ['outcome', 'reason'],
      read: () => this.#read(),
    });
    this.#lag = metrics.histogram({
      name: 'pipeline_event_lag_seconds',
      help: 'Time from the publishing of an event until it was acknowledged',
      buckets: LAG_BUCKETS_SECONDS,
    });
  }

  taken({ outcome, publishTime }: Taken): void {
    const key = `${outcome.kind} ${reasonOf(outcome)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (outcome.kind !== 'held' && publishTime !== null) {
      // Clocks differ: an event from the future has no lag.
      this.#lag.observe(Math.max(0, Date.now() - Date.parse(publishTime)) / 1000);
    }
  }

  *#read(): Iterable<readonly [Labels, number]> {
    for (const [key, count] of this.#counts) {
      const [outcome = '', reason = ''] = key.split(' ');
      yield [{ outcome: outcome.replaceAll('-', '_'), reason }, count];
    }
  }
}

function reasonOf(outcome: Taken['outcome']): string {
  if (outcome.kind === 'held') {
    return outcome.code;
  }
  return 'reason' in outcome ? outcome.reason : '';
}
