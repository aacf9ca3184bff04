import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterOutcome, DeadLetterPublisher } from './dead-letter-publisher.port.js';

/** Keeps dead letters in memory, for specs; answers what `outcome` says. */
export class InMemoryDeadLetters implements DeadLetterPublisher {
  readonly letters: DeadLetter[] = [];
  outcome: DeadLetterOutcome = { kind: 'published' };
  last: DeadLetterOutcome | null = null;

  publish(letter: DeadLetter): Promise<DeadLetterOutcome> {
    this.last = this.outcome;
    if (this.outcome.kind === 'published') {
      this.letters.push(letter);
    }
    return Promise.resolve(this.outcome);
  }
}
