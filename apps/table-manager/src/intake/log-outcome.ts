import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { EventOutcome, HandledEvent } from './event-outcome.js';

/** A valid type has at most 1,024 characters; a rejected one may have megabytes. */
const MAX_LOGGED_TYPE_CHARACTERS = 200;

/** Writes one log line per outcome. Skips the normal ones early unless `debug` is enabled. */
@Injectable()
export class OutcomeLog {
  readonly #logger: PinoLogger;
  readonly #isDebug: boolean;

  constructor(logger: PinoLogger) {
    logger.setContext(OutcomeLog.name);
    this.#logger = logger;
    this.#isDebug = logger.logger.isLevelEnabled('debug');
  }

  write(handled: HandledEvent): void {
    const { outcome } = handled;
    if (this.#isDebug || outcome.kind === 'held' || 'reason' in outcome) {
      logOutcome(this.#logger, handled);
    }
  }
}

/** Writes one line per outcome, never a payload. Normal outcomes are `debug` because Cloud Run logs each request. */
export function logOutcome(
  logger: Pick<PinoLogger, 'debug' | 'warn' | 'error'>,
  { outcome, messageId, eventType }: HandledEvent,
): void {
  const event = {
    message_id: messageId,
    event_type: eventType?.slice(0, MAX_LOGGED_TYPE_CHARACTERS) ?? null,
    table: outcome.table,
  };
  switch (outcome.kind) {
    case 'stored':
      logger.debug({ ...event, overflowed: outcome.overflowed }, 'event stored');
      return;
    case 'known':
      logger.debug(event, 'event matches the known schema');
      return;
    case 'changed':
      logger.debug(event, 'table changed for the event');
      return;
    case 'left':
      logger.warn({ ...event, ...refusalOf(outcome) }, 'event left to the job');
      return;
    case 'dead-lettered':
      logger.warn({ ...event, ...refusalOf(outcome) }, 'event dead-lettered');
      return;
    case 'quarantined':
      logger.warn({ ...event, reason: outcome.reason }, 'event quarantined');
      return;
    case 'held': {
      const { code, disposition, detail } = outcome;
      if (disposition === 'setup') {
        logger.error({ ...event, code, disposition, detail }, 'event held: operator action required');
      } else {
        logger.warn({ ...event, code, disposition, detail }, 'event held for redelivery');
      }
    }
  }
}

/** BigQuery's message for a refused row may quote a value, so only the dead letter has it. */
function refusalOf({ reason, detail }: Extract<EventOutcome, { detail: string; reason: string }>): object {
  return reason === 'APPEND_REJECTED'
    ? { reason, detail: 'BigQuery refused the row; the dead letter has its message' }
    : { reason, detail };
}
