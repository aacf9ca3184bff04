import { Inject, Injectable } from '@nestjs/common';
import type { CheckOutcome, HealthCheck } from '@pipeline/platform';
import { EVENT_PUBLISHER, type EventPublisher } from './event-publisher.port.js';

/**
 * Reports whether the last attempt to publish succeeded. Never `down`: the permission to publish does not include reading
 * the topic, so only the next attempt shows whether a failure is over.
 */
@Injectable()
export class PublishingCheck implements HealthCheck {
  readonly name = 'publishing';

  constructor(@Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher) {}

  check(): Promise<CheckOutcome> {
    const last = this.publisher.lastPublish;
    if (last?.kind === 'failed') {
      return Promise.resolve({ kind: 'degraded', code: last.error.code, message: last.error.message });
    }
    return Promise.resolve({ kind: 'up', details: { lastPublish: last?.kind ?? 'none yet' } });
  }
}
