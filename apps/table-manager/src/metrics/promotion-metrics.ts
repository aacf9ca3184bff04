import type { PromotedDay } from '@pipeline/bigquery-tables';
import type { Metrics, Tally } from '@pipeline/platform';

/** Counts promotions and the values that they move. */
export class PromotionMetrics {
  readonly #days: Tally<'outcome'>;
  readonly #values: Tally<never>;
  readonly #bytes: Tally<never>;

  constructor(metrics: Metrics) {
    this.#days = metrics.tally({
      name: 'pipeline_promotions_total',
      help: 'Tables and publish days that a promotion looked at, by outcome',
      labels: ['outcome'],
    });
    this.#values = metrics.tally({
      name: 'pipeline_promoted_values_total',
      help: 'Values moved from _overflow or a retired column to their column',
      labels: [],
    });
    this.#bytes = metrics.tally({
      name: 'pipeline_promotion_bytes_total',
      help: 'Bytes that BigQuery processed for promotions',
      labels: [],
    });
  }

  promoted({ outcome, valuesMoved, bytesProcessed }: PromotedDay): void {
    this.#days.count({ outcome });
    if (outcome !== 'planned') this.#values.count({}, valuesMoved);
    this.#bytes.count({}, bytesProcessed);
  }
}
