import type { Metrics } from '@pipeline/platform';
import { parseInstant } from '@pipeline/schema-inference';
import type { HandledEvent } from '../intake/event-outcome.js';

type Labels = Readonly<Record<'outcome' | 'reason', string>>;

/** From ten milliseconds, for a known schema, to the ten minutes that an event may wait for its schema. */
const LAG_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counts outcomes, and the time from publishing to acknowledgement. */
export class EventMetrics {
  /** By outcome, then by reason: counting an event builds no text. */
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #lag: { observe(value: number): void };

  constructor(metrics: Metrics) {
    metrics.counts({
      name: 'pipeline_events_total',
      help: 'Deliveries of events by outcome and reason',
      labels: ['outcome', 'reason'],
      read: () => this.#read(),
    });
    this.#lag = metrics.histogram({
      name: 'pipeline_event_lag_seconds',
      help: 'Time from publishing to acknowledgement',
      buckets: LAG_BUCKETS_SECONDS,
    });
  }

  count({ outcome, publishTime }: HandledEvent): void {
    this.#add(outcome.kind, reasonOf(outcome));
    if (outcome.kind !== 'held' && publishTime !== null) {
      // Clocks differ: an event from the future has no lag.
      this.#lag.observe(Math.max(0, Date.now() - toMilliseconds(publishTime)) / 1000);
    }
  }

  #add(outcome: string, reason: string): void {
    const counts = this.#counts.get(outcome) ?? new Map<string, number>();
    if (counts.size === 0) this.#counts.set(outcome, counts);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  *#read(): Iterable<readonly [Labels, number]> {
    for (const [outcome, counts] of this.#counts) {
      for (const [reason, count] of counts) yield [{ outcome: outcome.replaceAll('-', '_'), reason }, count];
    }
  }
}

/** A quarter of the time of `Date.parse`, which reads what has nanoseconds. */
function toMilliseconds(publishTime: string): number {
  const instant = parseInstant(publishTime);
  return instant === null ? Date.parse(publishTime) : instant.seconds * 1000 + instant.micros / 1000;
}

function reasonOf(outcome: HandledEvent['outcome']): string {
  if (outcome.kind === 'held') {
    return outcome.code;
  }
  return 'reason' in outcome ? outcome.reason : '';
}
