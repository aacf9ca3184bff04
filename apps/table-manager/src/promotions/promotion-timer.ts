import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { PinoLogger } from 'nestjs-pino';
import { Repeating } from '../requests/repeating.js';
import type { TableNotes } from '../tables/table-notes.js';
import { parsePromotionCall } from './promotion-request.js';
import type { PromotionsService } from './promotions.service.js';

/** Interval of a process that a scheduler calls: the scheduler reaches one process, and each has seen values of its own. */
const NOTED_INTERVAL_MS = 60_000;

export interface PromotionTimerOptions {
  readonly service: Pick<PromotionsService, 'run'>;
  readonly notes: Pick<TableNotes, 'awaiting' | 'isEmpty'>;
  /** 0: only what this process has noted is promoted, once a minute. */
  readonly intervalMs: number;
  readonly logger: Pick<PinoLogger, 'debug'>;
}

/** Runs promotions at an interval: of every table that changed for a process that no scheduler calls, else of the tables it has noted. */
export class PromotionTimer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #repeating = new Repeating();

  constructor(private readonly options: PromotionTimerOptions) {}

  onApplicationBootstrap(): void {
    const { intervalMs } = this.options;
    this.#repeating.start(intervalMs === 0 ? NOTED_INTERVAL_MS : intervalMs, () => this.#promote());
  }

  onApplicationShutdown(): Promise<void> {
    return this.#repeating.stop();
  }

  async #promote(): Promise<void> {
    const { service, notes, intervalMs, logger } = this.options;
    if (intervalMs === 0 && notes.isEmpty) return;
    const call = parsePromotionCall(undefined, new Date());
    await service
      .run(intervalMs === 0 ? { ...call, tables: notes.awaiting() } : call)
      .catch((cause: unknown) => {
        // Setup problems are in the log and in readiness already; the rest is retried at the next interval.
        logger.debug({ detail: String(cause) }, 'the promotion failed');
      });
  }
}
