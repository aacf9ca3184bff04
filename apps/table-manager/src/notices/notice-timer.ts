import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Publisher } from '@pipeline/google-clients';
import { Repeating } from '../requests/repeating.js';
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
  readonly #repeating = new Repeating();

  constructor(private readonly options: NoticeTimerOptions) {}

  onApplicationBootstrap(): void {
    const { service, intervalMs } = this.options;
    if (intervalMs === 0) return;
    this.#repeating.start(intervalMs, async () => {
      // The service logs failures; the next run makes up for them.
      await service.run(parseNoticeCall(undefined, new Date())).catch(() => undefined);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#repeating.stop();
    await this.options.publisher.close();
  }
}
