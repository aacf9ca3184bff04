import type { NoticeRun } from '@pipeline/books';
import type { Metrics, Tally } from '@pipeline/platform';

/** Counts published notices, and shows how many wait for Pub/Sub. */
export class NoticeMetrics {
  readonly #published: Tally<'type'>;
  readonly #runs: Tally<'outcome'>;
  #waiting: number | undefined;

  constructor(metrics: Metrics) {
    this.#published = metrics.tally({
      name: 'pipeline_notices_total',
      help: 'Notices that Pub/Sub has stored, by type',
      labels: ['type'],
    });
    this.#runs = metrics.tally({
      name: 'pipeline_notice_runs_total',
      help: 'Runs of the notifier, by outcome (completed, failed)',
      labels: ['outcome'],
    });
    metrics.gauge({
      name: 'pipeline_notices_waiting',
      help: 'Notices that are recorded and that Pub/Sub does not have, by the last run of this process',
      read: () => this.#waiting,
    });
  }

  published({ type }: { readonly type: string }): void {
    this.#published.count({ type });
  }

  ended({ failure, waiting }: Pick<NoticeRun, 'failure' | 'waiting'>): void {
    this.#runs.count({ outcome: failure === null ? 'completed' : 'failed' });
    this.#waiting = waiting;
  }
}
