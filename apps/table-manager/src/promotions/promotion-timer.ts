import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { sleep } from '@pipeline/google-clients';
import type { PinoLogger } from 'nestjs-pino';
import { parsePromotionCall } from './promotion-request.js';
import type { PromotionsService } from './promotions.service.js';

/** Runs a promotion at an interval, for a process that no scheduler calls. An interval of 0 turns it off. */
export class PromotionTimer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly service: Pick<PromotionsService, 'run'>,
    private readonly intervalMs: number,
    private readonly logger: Pick<PinoLogger, 'debug'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.intervalMs > 0) this.#loop = this.#repeat();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await sleep(this.intervalMs, signal);
      if (signal.aborted) return;
      await this.service.run(parsePromotionCall(undefined, new Date())).catch((cause: unknown) => {
        // Setup problems are in the log and in readiness already; the rest is retried at the next interval.
        this.logger.debug({ detail: String(cause) }, 'the promotion failed');
      });
    }
  }
}
