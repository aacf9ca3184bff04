import { Inject, Injectable } from '@nestjs/common';
import { parsePush, type ParsedPush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';
import { inRequest, tracedSync } from '@pipeline/platform';
import { decodeEvent, type Decoded, type DecodedEvent, type Rejected } from '@pipeline/schema-inference';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import { timeIsOver, TOO_LATE, untilDeadline } from './deadline.js';
import type { EventMetrics } from '../metrics/event-metrics.js';
import { pauseIfHeavy } from '../memory/pause.js';
import { weigh } from '../memory/event-weight.js';
import type { WorkingMemory } from '../memory/working-memory.js';
import type { EventDestination } from './event-destination.port.js';
import type { EventOutcome, HandledEvent } from './event-outcome.js';
import { LateWork } from './late-work.js';
import type { OutcomeLog } from './log-outcome.js';
import { toReplayed, type ReplayRule } from './replayed-message.js';

/** `projects/PROJECT/subscriptions/NAME`: at most 30 and 255 characters, and more in a domain-scoped project. */
const MAX_SUBSCRIPTION_CHARACTERS = 400;

/**
 * Time of a heavy event's work from when there is memory for it. Its delivery is answered at the deadline; its redelivery
 * joins the work or gets its outcome. Without this, a busy instance would begin the same work again and again.
 */
const HEAVY_WORK_MS = 30_000;

/** Dependencies of the intake service; see IntakeModule. */
export const INTAKE_PARTS = Symbol('INTAKE_PARTS');

export interface IntakeParts {
  readonly destination: EventDestination;
  readonly replays: ReplayRule;
  readonly memory: WorkingMemory;
  /** Limit of one delivery. */
  readonly eventDeadlineMs: number;
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
  readonly #lateWork = new LateWork();

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
    if (weight !== 0) {
      return inRequest(request, () =>
        this.#untilDeadline(delivery, (at) =>
          this.#lateWork.join(toKey(parsed), at, (mayBeJoined) =>
            this.#runHeavy(delivery, weight, { deadlineAtMs: at, mayBeJoined }),
          ),
        ),
      );
    }
    const decoded = this.#decode(delivery);
    if (decoded.kind === 'rejected') {
      return inRequest(request, () => this.#reject(toLetter(delivery, decoded)));
    }
    const { event } = decoded;
    const outcome = this.#parts.destination.outcomeAtOnce(event);
    return outcome === null
      ? inRequest(request, () =>
          this.#untilDeadline(delivery, (at) => this.#deliver(delivery, event, at, at)),
        )
      : this.#record(toHandled(delivery, event, outcome));
  }

  /** Answers at the deadline although the work goes on; what it holds is released when it ends. */
  async #untilDeadline(
    delivery: Delivery,
    work: (deadlineAtMs: number) => Promise<HandledEvent>,
  ): Promise<EventOutcome> {
    const { eventDeadlineMs } = this.#parts;
    const deadlineAtMs = Date.now() + eventDeadlineMs;
    const handled = await untilDeadline(work(deadlineAtMs), deadlineAtMs);
    return this.#record(handled === TOO_LATE ? notInTime(delivery, eventDeadlineMs) : handled);
  }

  /** Waits for memory, and pauses between the steps so that other requests run. */
  async #runHeavy(
    delivery: Delivery,
    weight: number | Promise<number>,
    { deadlineAtMs, mayBeJoined }: { readonly deadlineAtMs: number; readonly mayBeJoined: boolean },
  ): Promise<HandledEvent> {
    const { message } = delivery;
    const { memory, destination } = this.#parts;
    const bytes = await weight;
    const handled = await memory.run(bytes, deadlineAtMs - Date.now(), async () => {
      const finishByMs = mayBeJoined ? Math.max(deadlineAtMs, Date.now() + HEAVY_WORK_MS) : deadlineAtMs;
      await pauseIfHeavy(message);
      const decoded = this.#decode(delivery);
      await pauseIfHeavy(message);
      if (decoded.kind === 'rejected') {
        const isOver = Date.now() >= finishByMs;
        const outcome = isOver ? timeIsOver(null) : await destination.reject(toLetter(delivery, decoded));
        return toHandled(delivery, decoded, outcome);
      }
      const outcome = destination.outcomeAtOnce(decoded.event);
      return outcome === null
        ? this.#deliver(delivery, decoded.event, deadlineAtMs, finishByMs)
        : toHandled(delivery, decoded.event, outcome);
    });
    return handled ?? notInTime(delivery, this.#parts.eventDeadlineMs);
  }

  async #deliver(
    delivery: Delivery,
    event: DecodedEvent,
    deadlineAtMs: number,
    finishByMs: number,
  ): Promise<HandledEvent> {
    const outcome = await this.#parts.destination.deliver({ ...delivery, event, deadlineAtMs, finishByMs });
    return toHandled(delivery, event, outcome);
  }

  #decode({ message }: Delivery): Decoded {
    return tracedSync('decode', {}, () => decodeEvent(message, this.#parts.destination.decoding));
  }

  #reject(letter: DeadLetter): EventOutcome | Promise<EventOutcome> {
    const { messageId, eventType, publishTime } = letter;
    const finish = (outcome: EventOutcome): EventOutcome =>
      this.#record({ outcome, messageId, eventType, publishTime });
    const rejected = this.#parts.destination.reject(letter);
    return rejected instanceof Promise ? rejected.then(finish) : finish(rejected);
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

/** The id of the delivered message, which differs from the event's for a replay. */
function toKey({ subscription, message }: ParsedPush): string | null {
  return subscription === null || subscription.length > MAX_SUBSCRIPTION_CHARACTERS
    ? null
    : `${subscription} ${message.messageId}`;
}

function toHandled(
  { message: { messageId }, publishTime }: Delivery,
  { eventType }: { readonly eventType: string | null },
  outcome: EventOutcome,
): HandledEvent {
  return { outcome, messageId, eventType, publishTime };
}

function notInTime(delivery: Delivery, limitMs: number): HandledEvent {
  const detail = `The event was not handled within ${limitMs} ms`;
  const outcome = {
    kind: 'held',
    table: null,
    code: 'NOT_IN_TIME',
    disposition: 'transient',
    detail,
  } as const;
  return toHandled(delivery, { eventType: null }, outcome);
}

function invalidEnvelope(detail: string, data: Uint8Array): DeadLetter {
  const unknown = { eventType: null, table: null, messageId: null, publishTime: null, attributes: null };
  return { ...unknown, reason: 'ENVELOPE_INVALID', stage: 'envelope', detail, data };
}

function toLetter({ message }: Delivery, { code: reason, detail, eventType }: Rejected): DeadLetter {
  const { messageId, publishTime, attributes, data } = message;
  const origin = { messageId, publishTime, attributes, data };
  return { ...origin, reason, stage: 'decode', detail, eventType, table: null };
}
