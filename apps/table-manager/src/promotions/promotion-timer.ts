import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { sleep } from '@pipeline/google-clients';
import type { PinoLogger } from 'nestjs-pino';
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
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: PromotionTimerOptions) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#repeat();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { service, notes, intervalMs, logger } = this.options;
    const { signal } = this.#stopping;
    for (;;) {
      await sleep(intervalMs === 0 ? NOTED_INTERVAL_MS : intervalMs, signal);
      if (signal.aborted) return;
      if (intervalMs === 0 && notes.isEmpty) continue;
      const call = parsePromotionCall(undefined, new Date());
      await service
        .run(intervalMs === 0 ? { ...call, tables: notes.awaiting() } : call)
        .catch((cause: unknown) => {
          // Setup problems are in the log and in readiness already; the rest is retried at the next interval.
          logger.debug({ detail: String(cause) }, 'the promotion failed');
        });
    }
  }
}
