import type { PinoLogger } from 'nestjs-pino';
import type { Taken } from './take-outcome.js';

/** One line per outcome, never a payload. What is normal is `debug`; Cloud Run logs each request. */
export function logTaken(logger: Pick<PinoLogger, 'debug' | 'warn' | 'error'>, taken: Taken): void {
  const { outcome, messageId, eventType } = taken;
  const who = { message_id: messageId, event_type: eventType, table: outcome.table };
  switch (outcome.kind) {
    case 'stored':
      logger.debug({ ...who, overflowed: outcome.overflowed }, 'event stored');
      return;
    case 'known':
      logger.debug(who, 'event is of a known schema');
      return;
    case 'changed':
      logger.debug(who, 'event waited for its table');
      return;
    case 'left':
      logger.warn({ ...who, reason: outcome.reason, detail: outcome.detail }, 'event left to the job');
      return;
    case 'dead-lettered':
      logger.warn({ ...who, reason: outcome.reason, detail: outcome.detail }, 'event dead-lettered');
      return;
    case 'held': {
      const fields = { ...who, code: outcome.code, disposition: outcome.disposition, detail: outcome.detail };
      if (outcome.disposition === 'setup') {
        logger.error(fields, 'event held until somebody acts');
      } else {
        logger.warn(fields, 'event held for another delivery');
      }
    }
  }
}
