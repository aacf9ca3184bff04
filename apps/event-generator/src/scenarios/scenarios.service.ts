import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { GenerateResult } from '../generate/generate.service.js';
import { MAX_SEED } from '../generation/generate-events.js';
import {
  EVENT_PUBLISHER,
  type EventPublisher,
  type OutgoingMessage,
} from '../publishing/event-publisher.port.js';
import type { PublishError } from '../publishing/publish.errors.js';
import type { ExpectedOutcome, HostileMessage, ScenarioName } from './scenario.js';
import { scenarioMessages } from './scenarios.js';

/** A request to publish a scenario, with attributes for its messages. */
export interface ScenarioCommand {
  readonly name: ScenarioName;
  readonly count: number;
  readonly seed: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The result of a scenario, with the expected outcomes of the messages that Pub/Sub has. */
export interface ScenarioResult extends GenerateResult {
  readonly expected: Readonly<Partial<Record<ExpectedOutcome, number>>>;
}

/** Publishes hostile streams. */
@Injectable()
export class ScenariosService {
  constructor(@Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher) {}

  async publish(
    command: ScenarioCommand,
  ): Promise<{ readonly result: ScenarioResult; readonly failure: PublishError | null }> {
    const { name, count, attributes, seed = randomInt(MAX_SEED) } = command;
    const sent: ExpectedOutcome[] = [];
    const messages = scenarioMessages({ name, from: 0, count, seed });
    const { messageIds, failure } = await this.publisher.publish(
      outgoing(messages, attributes, ({ expected }) => {
        sent.push(expected);
      }),
    );
    const expected = countEach(sent.slice(0, messageIds.length));
    return {
      result: { requested: count, published: messageIds.length, messageIds, seed, expected },
      failure,
    };
  }
}

/** Returns messages as published: the scenario's own attributes override the request's. */
export function* outgoing(
  messages: Iterable<HostileMessage>,
  attributes: Readonly<Record<string, string>>,
  onMessage: (message: HostileMessage) => void = () => undefined,
): Generator<OutgoingMessage, void, undefined> {
  for (const message of messages) {
    onMessage(message);
    yield {
      data: message.data,
      attributes: { ...attributes, ...message.attributes, expected: message.expected },
    };
  }
}

function countEach(outcomes: readonly ExpectedOutcome[]): Partial<Record<ExpectedOutcome, number>> {
  const counts: Partial<Record<ExpectedOutcome, number>> = {};
  for (const outcome of outcomes) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
