import type { PinoLogger } from 'nestjs-pino';
import { logTaken } from './log-taken.js';
import type { Taken } from './take-outcome.js';

/** The log line of each outcome, made only where somebody will read it. */
export class TakenLog {
  readonly #isTalkative: boolean;

  constructor(private readonly logger: PinoLogger) {
    this.logger.setContext(TakenLog.name);
    this.#isTalkative = logger.logger.isLevelEnabled('debug');
  }

  tell(taken: Taken): void {
    const { outcome } = taken;
    if (this.#isTalkative || outcome.kind === 'held' || 'reason' in outcome) {
      logTaken(this.logger, taken);
    }
  }
}
