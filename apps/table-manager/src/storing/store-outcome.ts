import type { Disposition } from '@pipeline/bigquery-tables';
import type { DeadLetterReason, DeadLetterStage } from '../dead-letters/dead-letter.js';

/**
 * What became of one event.
 *
 * `stored`: BigQuery has its row; `overflowed` counts the values that are in `_overflow`. `rejected`: it can never be
 * a row. `held`: not yet and not here; nothing is lost, deliver it again. `setup` waits for a person.
 */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly table: string; readonly overflowed: number }
  | {
      readonly kind: 'rejected';
      readonly table: string;
      readonly reason: DeadLetterReason;
      readonly stage: DeadLetterStage;
      readonly detail: string;
    }
  | {
      readonly kind: 'held';
      readonly table: string;
      readonly code: string;
      readonly disposition: Exclude<Disposition, 'permanent'>;
      readonly detail: string;
    };
