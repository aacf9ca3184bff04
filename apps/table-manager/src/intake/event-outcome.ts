import type { QuarantineReason } from '@pipeline/bigquery-tables';
import type { Disposition } from '@pipeline/google-clients';
import type { DeadLetterReason } from '../dead-letters/dead-letter.js';

/**
 * The result of one delivery, once everything it needed is durable.
 *
 * `direct` mode: `stored` (BigQuery has the row; `overflowed` counts its values in `_overflow`), `quarantined` (`_quarantine`
 * has the message, because its table may not be created) and `dead-lettered`.
 * `dataflow` mode: `known` (the table has a column for every value), `changed` (it has one now) and `left` (no table
 * change helps; the job has the message too and dead-letters it, or quarantines it if a guard or a contract refused its table).
 * All of these are acknowledged.
 * `held` is not acknowledged in either mode, so Pub/Sub redelivers the message.
 */
export type EventOutcome =
  | { readonly kind: 'stored'; readonly table: string; readonly overflowed: number }
  | {
      readonly kind: 'dead-lettered';
      readonly reason: DeadLetterReason;
      readonly table: string | null;
      readonly detail: string;
    }
  | {
      readonly kind: 'left';
      /** `TABLE_REFUSED`: BigQuery never makes this table or this change. `TABLE_GUARD`: the limit on tables is reached. `AWAITING_APPROVAL`: a person approves the type first. */
      readonly reason: DeadLetterReason | QuarantineReason | 'TABLE_REFUSED';
      readonly table: string | null;
      readonly detail: string;
    }
  | {
      readonly kind: 'quarantined';
      readonly reason: QuarantineReason;
      readonly table: string;
    }
  | { readonly kind: 'known' | 'changed'; readonly table: string }
  | {
      readonly kind: 'held';
      readonly table: string | null;
      readonly code: string;
      /** `setup` waits for an operator. */
      readonly disposition: Exclude<Disposition, 'permanent'>;
      readonly detail: string;
    };

/** An outcome with the message it belongs to, for the log and the metrics. What is unknown is null. */
export interface HandledEvent {
  readonly outcome: EventOutcome;
  readonly messageId: string | null;
  readonly eventType: string | null;
  /** RFC 3339, as Pub/Sub sent it; of a replay its own and not the original's. */
  readonly publishTime: string | null;
}
