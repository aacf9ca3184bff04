import type { DeadLetterReason } from '../dead-letters/dead-letter.js';
import type { StoreOutcome } from '../storing/store-outcome.js';

/**
 * What became of one request, after everything it needed is durable.
 *
 * `stored` and `dead-lettered` are acknowledged. `held` is not, so that the message is delivered again.
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
      readonly kind: 'held';
      readonly table: string | null;
      readonly code: string;
      readonly disposition: 'transient' | 'setup';
      readonly detail: string;
    };

/** An outcome and whose it is, for the log. */
export interface Taken {
  readonly outcome: TakeOutcome;
  readonly messageId: string | null;
  readonly eventType: string | null;
}
