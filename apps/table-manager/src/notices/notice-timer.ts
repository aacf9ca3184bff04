import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { sleep, type Publisher } from '@pipeline/google-clients';
import { parseNoticeCall } from './notice-request.js';
import type { NoticesService } from './notices.service.js';

export interface NoticeTimerOptions {
  readonly service: Pick<NoticesService, 'run'>;
  /** Closed after the last run. */
  readonly publisher: Pick<Publisher, 'close'>;
  /** 0: a scheduler calls `POST /notices`. */
  readonly intervalMs: number;
}

/** Publishes notices at an interval in a process that no scheduler calls. */
export class NoticeTimer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: NoticeTimerOptions) {}

  onApplicationBootstrap(): void {
    if (this.options.intervalMs > 0) this.#loop = this.#repeat();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await this.options.publisher.close();
  }

  async #repeat(): Promise<void> {
    const { service, intervalMs } = this.options;
    const { signal } = this.#stopping;
    for (;;) {
      await sleep(intervalMs, signal);
      if (signal.aborted) return;
      // The service logs failures; the next run makes up for them.
      await service.run(parseNoticeCall(undefined, new Date())).catch(() => undefined);
    }
  }
}
