import { Inject, Injectable } from '@nestjs/common';
import { parsePush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';
import { inRequest, tracedSync } from '@pipeline/platform';
import { decodeEvent, type Decoded, type Rejected } from '@pipeline/schema-inference';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import type { EventMetrics } from '../metrics/event-metrics.js';
import { pauseIfHeavy } from '../memory/pause.js';
import { weigh, type WorkingMemory } from '../memory/working-memory.js';
import type { EventDestination, IncomingEvent } from './event-destination.port.js';
import type { EventOutcome, HandledEvent } from './event-outcome.js';
import type { OutcomeLog } from './log-outcome.js';
import { toReplayed, type ReplayRule } from './replayed-message.js';

/** How long a heavy event waits for memory; Pub/Sub redelivers it after that. */
export const MAX_WAIT_FOR_MEMORY_MS = 5_000;

/** What the service works with; see IntakeModule. */
export const INTAKE_PARTS = Symbol('INTAKE_PARTS');

export interface IntakeParts {
  readonly destination: EventDestination;
  readonly replays: ReplayRule;
  readonly memory: WorkingMemory;
  readonly metrics: Pick<EventMetrics, 'count'>;
  readonly log: Pick<OutcomeLog, 'write'>;
}

/**
 * Handles one push request: parses it, decodes its event and passes that to the destination of the delivery mode.
 *
 * Outcomes are logged and counted here. A heavy event waits until there is memory for it. Never throws for anything in the
 * request.
 */
@Injectable()
export class IntakeService {
  readonly #parts: IntakeParts;

  constructor(@Inject(INTAKE_PARTS) parts: IntakeParts) {
    this.#parts = parts;
  }

  /** A plain value if nothing had to be awaited, so that an event of a known schema costs no promise. */
  handle(request: PushRequest): EventOutcome | Promise<EventOutcome> {
    const parsed = parsePush(request);
    if (parsed.kind === 'rejected') {
      return inRequest(request, () => this.#reject(invalidEnvelope(parsed.detail, request.body)));
    }
    const delivery = {
      message: toReplayed(parsed, request.headers, this.#parts.replays),
      publishTime: parsed.message.publishTime,
    };
    const weight = weigh(delivery.message);
    if (weight > 0) {
      return inRequest(request, () => this.#handleHeavy(delivery, weight));
    }
    const decoded = this.#decode(delivery);
    if (decoded.kind === 'rejected') {
      return inRequest(request, () => this.#reject(toLetter(delivery, decoded)));
    }
    const incoming = { message: delivery.message, event: decoded.event };
    const outcome = this.#parts.destination.outcomeAtOnce(incoming);
    return outcome === null
      ? inRequest(request, () => this.#deliver(delivery, incoming))
      : this.#finish(delivery, incoming.event.eventType, outcome);
  }

  /** The same, in steps between which other requests run. */
  async #handleHeavy(delivery: Delivery, weight: number): Promise<EventOutcome> {
    const { data } = delivery.message;
    const outcome = await this.#parts.memory.run(weight, MAX_WAIT_FOR_MEMORY_MS, async () => {
      await pauseIfHeavy(data);
      const decoded = this.#decode(delivery);
      await pauseIfHeavy(data);
      if (decoded.kind === 'rejected') return this.#reject(toLetter(delivery, decoded));
      const incoming = { message: delivery.message, event: decoded.event };
      const atOnce = this.#parts.destination.outcomeAtOnce(incoming);
      return atOnce === null
        ? this.#deliver(delivery, incoming)
        : this.#finish(delivery, incoming.event.eventType, atOnce);
    });
    return outcome ?? this.#finish(delivery, null, NO_MEMORY);
  }

  #decode({ message }: Delivery): Decoded {
    return tracedSync('decode', {}, () => decodeEvent(message, this.#parts.destination.decoding));
  }

  async #deliver(delivery: Delivery, incoming: IncomingEvent): Promise<EventOutcome> {
    const outcome = await this.#parts.destination.deliver(incoming);
    return this.#finish(delivery, incoming.event.eventType, outcome);
  }

  #reject(letter: DeadLetter): EventOutcome | Promise<EventOutcome> {
    const { messageId, eventType, publishTime } = letter;
    const finish = (outcome: EventOutcome): EventOutcome =>
      this.#record({ outcome, messageId, eventType, publishTime });
    const rejected = this.#parts.destination.reject(letter);
    return rejected instanceof Promise ? rejected.then(finish) : finish(rejected);
  }

  #finish({ message, publishTime }: Delivery, eventType: string | null, outcome: EventOutcome): EventOutcome {
    return this.#record({ outcome, messageId: message.messageId, eventType, publishTime });
  }

  #record(handled: HandledEvent): EventOutcome {
    this.#parts.metrics.count(handled);
    this.#parts.log.write(handled);
    return handled.outcome;
  }
}

/** A message and the publish time of this delivery, which differs from the message's for a replay. */
interface Delivery {
  readonly message: PubsubMessage;
  readonly publishTime: string;
}

const NO_MEMORY: EventOutcome = {
  kind: 'held',
  table: null,
  code: 'NO_MEMORY',
  disposition: 'transient',
  detail: `Other large events took the memory for ${MAX_WAIT_FOR_MEMORY_MS} ms; Pub/Sub redelivers this one`,
};

function invalidEnvelope(detail: string, data: Uint8Array): DeadLetter {
  const unknown = { eventType: null, table: null, messageId: null, publishTime: null, attributes: null };
  return { ...unknown, reason: 'ENVELOPE_INVALID', stage: 'envelope', detail, data };
}

function toLetter({ message }: Delivery, { code: reason, detail, eventType }: Rejected): DeadLetter {
  const { messageId, publishTime, attributes, data } = message;
  const origin = { messageId, publishTime, attributes, data };
  return { ...origin, reason, stage: 'decode', detail, eventType, table: null };
}
