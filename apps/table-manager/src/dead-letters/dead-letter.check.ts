import { Inject, Injectable } from '@nestjs/common';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import { DEAD_LETTER_PUBLISHER, type DeadLetterPublisher } from './dead-letter-publisher.port.js';

/**
 * Checks whether the last dead letter was published. Never `down`: good events need no dead letters, and the permission
 * to publish does not include reading the topic, so only the next dead letter shows that a failure is over.
 */
@Injectable()
export class DeadLetterCheck implements HealthCheck {
  readonly name = 'dead-letters';

  constructor(@Inject(DEAD_LETTER_PUBLISHER) private readonly publisher: Pick<DeadLetterPublisher, 'last'>) {}

  check(): Promise<CheckOutcome> {
    const { last } = this.publisher;
    if (last?.kind === 'failed') {
      const { disposition, message } = last;
      const outcome: CheckOutcome = {
        kind: 'degraded',
        code: 'DEAD_LETTER_FAILED',
        message: `${disposition}: ${message}`,
      };
      return Promise.resolve(outcome);
    }
    return Promise.resolve({ kind: 'up' });
  }
}
