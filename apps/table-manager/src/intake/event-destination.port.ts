import type { PubsubMessage } from '@pipeline/cloudevents';
import type { DecodedEvent, DecodeOptions } from '@pipeline/schema-inference';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import type { EventOutcome } from './event-outcome.js';

/** A decoded event and the message that carried it. */
export interface IncomingEvent {
  readonly message: PubsubMessage;
  readonly event: DecodedEvent;
  /** RFC 3339: the publish time of this delivery, which is later than the message's for a replay. */
  readonly publishTime: string;
  /** Epoch milliseconds. The delivery is answered `held` then, and nothing is waited for any more. */
  readonly deadlineAtMs: number;
  /**
   * Epoch milliseconds. Nothing is made durable for the event after this: the deadline, or later for a heavy event whose
   * redelivery joins its work.
   */
  readonly finishByMs: number;
}

/**
 * The end of an event's way through this service: a row (`direct` mode) or a table that is ready for the job's row
 * (`dataflow` mode).
 *
 * Never throws for anything in an event.
 */
export interface EventDestination {
  /** Options for decoding the events of this destination. */
  readonly decoding: DecodeOptions;
  /** The outcome of an event that needs no call to BigQuery; null if `deliver` is needed. The hot path. */
  outcomeAtOnce(event: DecodedEvent): EventOutcome | null;
  /** May go on after the deadline; the caller does not wait for it then. */
  deliver(incoming: IncomingEvent): Promise<EventOutcome>;
  /** Handles a message that cannot become a row. */
  reject(letter: DeadLetter): EventOutcome | Promise<EventOutcome>;
}

export const EVENT_DESTINATION = Symbol('EVENT_DESTINATION');
