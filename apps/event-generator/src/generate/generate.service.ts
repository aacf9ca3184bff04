import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EventType } from '../generation/event.js';
import { generateEvents, MAX_SEED } from '../generation/generate-events.js';
import { instantOfSeed } from '../generation/instants.js';
import { serializeEvent } from '../generation/serialize-event.js';
import {
  EVENT_PUBLISHER,
  type EventPublisher,
  type OutgoingMessage,
} from '../publishing/event-publisher.port.js';
import type { PublishError } from '../publishing/publish.errors.js';

/** A request to generate events, with attributes for their messages. */
export interface GenerateCommand {
  readonly type: EventType | 'mix';
  readonly count: number;
  /** Without a seed, a random one is chosen and the events are of the last hour; with one, it decides their times. */
  readonly seed: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The result of a request; `messageIds` are those that Pub/Sub has, in the order of the events. */
export interface GenerateResult {
  readonly requested: number;
  readonly published: number;
  readonly messageIds: readonly string[];
  readonly seed: number;
}

/** Generates events and publishes them. */
@Injectable()
export class GenerateService {
  constructor(@Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher) {}

  async generate(
    command: GenerateCommand,
  ): Promise<{ readonly result: GenerateResult; readonly failure: PublishError | null }> {
    const seed = command.seed ?? randomInt(MAX_SEED);
    const until = command.seed === undefined ? new Date() : instantOfSeed(seed);
    const { messageIds, failure } = await this.publisher.publish(toMessages({ ...command, seed, until }));
    return { result: { requested: command.count, published: messageIds.length, messageIds, seed }, failure };
  }
}

function* toMessages(
  command: GenerateCommand & { readonly seed: number; readonly until: Date },
): Generator<OutgoingMessage, void, undefined> {
  for (const event of generateEvents(command)) {
    yield { data: Buffer.from(serializeEvent(event)), attributes: command.attributes };
  }
}
