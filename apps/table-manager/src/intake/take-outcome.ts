import type { DeadLetterReason } from '../dead-letters/dead-letter.js';
import type { StoreOutcome } from '../storing/store-outcome.js';

/**
 * What became of one request, after everything it needed is durable.
 *
 * In `direct` mode `stored` and `dead-lettered` are acknowledged. In `dataflow` mode `known` (the table has a column for
 * all of it), `changed` (it has now) and `left` (there is nothing to do for a table; the job, which has the message too,
 * dead-letters it) are. `held` never is, so that the message is delivered again.
 */
export type TakeOutcome =
  | Extract<StoreOutcome, { kind: 'stored' }>
  | {
      readonly kind: 'dead-lettered';
      readonly reason: DeadLetterReason;
      readonly table: string | null;
      readonly detail: string;
    }
  | {
      readonly kind: 'left';
      /** `TABLE_REFUSED`: BigQuery will never make this table or this change of it. */
      readonly reason: DeadLetterReason | 'TABLE_REFUSED';
      readonly table: string | null;
      readonly detail: string;
    }
  | { readonly kind: 'known' | 'changed'; readonly table: string }
  | {
      readonly kind: 'held';
      readonly table: string | null;
      readonly code: string;
      readonly disposition: 'transient' | 'setup';
      readonly detail: string;
    };

/** An outcome and whose it is, for the log and the metrics. */
export interface Taken {
  readonly outcome: TakeOutcome;
  readonly messageId: string | null;
  readonly eventType: string | null;
  /** RFC 3339, as Pub/Sub sent it. */
  readonly publishTime: string | null;
}
