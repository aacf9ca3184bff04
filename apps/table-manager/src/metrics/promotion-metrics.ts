import type { PromotedDay } from '@pipeline/bigquery-tables';
import type { Metrics, Tally } from '@pipeline/platform';

/** Counts promotions, the values that they move, and retypes. */
export class PromotionMetrics {
  readonly #days: Tally<'outcome'>;
  readonly #values: Tally<never>;
  readonly #bytes: Tally<never>;
  readonly #retypes: Tally<'origin' | 'outcome'>;

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
    this.#retypes = metrics.tally({
      name: 'pipeline_retypes_total',
      help: 'Retypes of columns by origin (request, automatic) and outcome',
      labels: ['origin', 'outcome'],
    });
  }

  retyped(labels: { readonly origin: 'request' | 'automatic'; readonly outcome: string }): void {
    this.#retypes.count(labels);
  }

  promoted({ outcome, valuesMoved, bytesProcessed }: PromotedDay): void {
    this.#days.count({ outcome });
    if (outcome !== 'planned') this.#values.count({}, valuesMoved);
    this.#bytes.count({}, bytesProcessed);
  }
}
