import type { DeadLetter } from './dead-letter.js';

/**
 * `published`: Pub/Sub has stored the dead letter, so the message may be acknowledged. `failed`: it has not; `setup`
 * needs an operator to create or grant something.
 */
export type DeadLetterOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'failed'; readonly disposition: 'transient' | 'setup'; readonly message: string };

/** Publishes dead letters. Never throws. */
export interface DeadLetterPublisher {
  /** Outcome of the last one; null before the first. */
  readonly last: DeadLetterOutcome | null;
  publish(letter: DeadLetter): Promise<DeadLetterOutcome>;
}

export const DEAD_LETTER_PUBLISHER = Symbol('DEAD_LETTER_PUBLISHER');
