import type { DeadLetter } from './dead-letter.js';

/**
 * `published`: Pub/Sub has the dead letter, so the message may be acknowledged. `failed`: it has not; `setup` means
 * that a person must create or grant something.
 */
export type DeadLetterOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'failed'; readonly disposition: 'transient' | 'setup'; readonly message: string };

/** Puts dead letters where they are kept. Never throws. */
export interface DeadLetterPublisher {
  /** What became of the last one; null before the first. */
  readonly last: DeadLetterOutcome | null;
  publish(letter: DeadLetter): Promise<DeadLetterOutcome>;
}

export const DEAD_LETTER_PUBLISHER = Symbol('DEAD_LETTER_PUBLISHER');
