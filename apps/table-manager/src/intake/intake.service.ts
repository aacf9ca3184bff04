import { Inject, Injectable } from '@nestjs/common';
import { parsePush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';
import { inRequest, tracedSync } from '@pipeline/platform';
import { decodeEvent } from '@pipeline/schema-inference';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import { EventMetrics } from '../metrics/event-metrics.js';
import { EVENT_DESTINATION, type EventDestination, type IncomingEvent } from './event-destination.port.js';
import type { EventOutcome, HandledEvent } from './event-outcome.js';
import { OutcomeLog } from './log-outcome.js';
import { REPLAY_RULE, toReplayed, type ReplayRule } from './replayed-message.js';

/**
 * Handles one push request: parses it, decodes its event and passes that to the destination of the delivery mode.
 *
 * Outcomes are logged and counted here. Never throws for anything in the request.
 */
@Injectable()
export class IntakeService {
  readonly #destination: EventDestination;
  readonly #replays: ReplayRule;
  readonly #metrics: Pick<EventMetrics, 'count'>;
  readonly #log: Pick<OutcomeLog, 'write'>;

  constructor(
    @Inject(EVENT_DESTINATION) destination: EventDestination,
    @Inject(REPLAY_RULE) replays: ReplayRule,
    @Inject(EventMetrics) metrics: Pick<EventMetrics, 'count'>,
    @Inject(OutcomeLog) log: Pick<OutcomeLog, 'write'>,
  ) {
    this.#destination = destination;
    this.#replays = replays;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** A plain value if nothing had to be awaited, so that an event of a known schema costs no promise. */
  handle(request: PushRequest): EventOutcome | Promise<EventOutcome> {
    const parsed = parsePush(request);
    if (parsed.kind === 'rejected') {
      return this.#reject(request, invalidEnvelope(parsed.detail, request.body));
    }
    const message = toReplayed(parsed, request.headers, this.#replays);
    const decoded = tracedSync('decode', {}, () => decodeEvent(message, this.#destination.decoding));
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
      return this.#reject(request, letter);
    }
    const incoming = { message, event: decoded.event };
    const { publishTime } = parsed.message;
    const outcome = this.#destination.outcomeAtOnce(incoming);
    return outcome === null
      ? inRequest(request, () => this.#deliver(incoming, publishTime))
      : this.#finish(toHandled(incoming, publishTime, outcome));
  }

  async #deliver(incoming: IncomingEvent, publishTime: string): Promise<EventOutcome> {
    return this.#finish(toHandled(incoming, publishTime, await this.#destination.deliver(incoming)));
  }

  #reject(request: PushRequest, letter: DeadLetter): EventOutcome | Promise<EventOutcome> {
    const { messageId, eventType, publishTime } = letter;
    return inRequest(request, () => {
      const rejected = this.#destination.reject(letter);
      const finish = (outcome: EventOutcome): EventOutcome =>
        this.#finish({ outcome, messageId, eventType, publishTime });
      return rejected instanceof Promise ? rejected.then(finish) : finish(rejected);
    });
  }

  #finish(handled: HandledEvent): EventOutcome {
    this.#metrics.count(handled);
    this.#log.write(handled);
    return handled.outcome;
  }
}

function toHandled(
  { message: { messageId }, event: { eventType } }: IncomingEvent,
  publishTime: string,
  outcome: EventOutcome,
): HandledEvent {
  return { outcome, messageId, eventType, publishTime };
}

function invalidEnvelope(detail: string, data: Uint8Array): DeadLetter {
  const unknown = { eventType: null, table: null, messageId: null, publishTime: null, attributes: null };
  return { ...unknown, reason: 'ENVELOPE_INVALID', stage: 'envelope', detail, data };
}

function originOf(
  message: PubsubMessage,
): Pick<DeadLetter, 'messageId' | 'publishTime' | 'attributes' | 'data'> {
  const { messageId, publishTime, attributes, data } = message;
  return { messageId, publishTime, attributes, data };
}
