import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import type { DeadLetterPublisher } from './dead-letter-publisher.port.js';

/**
 * Whether the last dead letter could be published. Never `down`: good events need no dead letters, and the permission
 * to publish does not include looking at the topic, so only the next one can tell whether a failure is over.
 */
export class DeadLetterCheck implements HealthCheck {
  readonly name = 'dead-letters';

  constructor(private readonly publisher: Pick<DeadLetterPublisher, 'last'>) {}

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
