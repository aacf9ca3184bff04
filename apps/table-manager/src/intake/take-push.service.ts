import { parsePush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';
import { tracedSync } from '@pipeline/platform';
import { decodeEvent } from '@pipeline/schema-inference';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import type { DeadLetterPublisher } from '../dead-letters/dead-letter-publisher.port.js';
import type { StoreEventService } from '../storing/store-event.service.js';
import type { Later, PushTaker } from './push-taker.port.js';
import { toReplayed } from './replayed-message.js';
import type { TakeOutcome, Taken } from './take-outcome.js';

/**
 * `direct` mode: takes one push request to its end: a stored row, or a dead letter that Pub/Sub has, or word that it
 * has to come again. Never throws for what is in the request.
 */
export class TakePushService implements PushTaker {
  constructor(
    private readonly storing: Pick<StoreEventService, 'store' | 'knownSchema'>,
    private readonly deadLetters: DeadLetterPublisher,
    private readonly replayTopic: string,
  ) {}

  take(request: PushRequest): Later {
    return () => this.#take(request);
  }

  async #take(request: PushRequest): Promise<Taken> {
    const parsed = parsePush(request);
    if (parsed.kind === 'message') {
      return this.#takeMessage(toReplayed(parsed, request.headers, this.replayTopic));
    }
    const letter: DeadLetter = {
      reason: parsed.code,
      stage: 'envelope',
      detail: parsed.detail,
      eventType: null,
      table: null,
      messageId: null,
      publishTime: null,
      attributes: null,
      data: request.body,
    };
    return { outcome: await this.#reject(letter), messageId: null, eventType: null, publishTime: null };
  }

  async #takeMessage(message: PubsubMessage): Promise<Taken> {
    const { messageId, publishTime } = message;
    const schemaOf = (eventType: string): ReturnType<typeof this.storing.knownSchema> =>
      this.storing.knownSchema(eventType);
    const decoded = tracedSync('decode', {}, () => decodeEvent(message, { schemaOf }));
    if (decoded.kind === 'rejected') {
      const { code: reason, detail, eventType } = decoded;
      const letter = {
        ...originOf(message),
        reason,
        stage: 'decode',
        detail,
        eventType,
        table: null,
      } as const;
      return { outcome: await this.#reject(letter), messageId, eventType, publishTime };
    }
    const { eventType } = decoded.event;
    const outcome = await this.storing.store(message, decoded.event);
    if (outcome.kind !== 'rejected') {
      return { outcome, messageId, eventType, publishTime };
    }
    const { reason, stage, detail, table } = outcome;
    const letter = { ...originOf(message), reason, stage, detail, eventType, table };
    return { outcome: await this.#reject(letter), messageId, eventType, publishTime };
  }

  async #reject(letter: DeadLetter): Promise<TakeOutcome> {
    const { reason, table, detail } = letter;
    const published = await this.deadLetters.publish(letter);
    if (published.kind === 'published') {
      return { kind: 'dead-lettered', reason, table, detail };
    }
    const { disposition, message } = published;
    return { kind: 'held', table, code: 'DEAD_LETTER_FAILED', disposition, detail: message };
  }
}

function originOf(
  message: PubsubMessage,
): Pick<DeadLetter, 'messageId' | 'publishTime' | 'attributes' | 'data'> {
  const { messageId, publishTime, attributes, data } = message;
  return { messageId, publishTime, attributes, data };
}
