import type { Notice, Notifier, NoticeRun, PendingList } from '@pipeline/books';
import { RequestFailure } from '@pipeline/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { NoticeMetrics } from '../metrics/notice-metrics.js';
import type { OneAtATime } from '../requests/one-at-a-time.js';
import type { NoticeCall } from './notice-request.js';

/** A notice that was published. */
export type PublishedNotice = Pick<Notice, 'id' | 'type'> & Pick<Notice['data'], 'table' | 'count'>;

export interface NoticesAnswer {
  readonly published: readonly PublishedNotice[];
  /** Notices that are recorded and not published yet. */
  readonly waiting: number;
}

export interface NoticesServiceOptions {
  readonly notifier: Pick<Notifier, 'run'>;
  /** One run at a time. */
  readonly slot: OneAtATime;
  /** Read again when a run found a change that waits or was decided. */
  readonly pending: Pick<PendingList, 'refresh'>;
  readonly metrics: Pick<NoticeMetrics, 'published' | 'ended'>;
  readonly logger: Pick<PinoLogger, 'info' | 'warn'>;
}

/** Publishes notices, one run at a time, and shows them in log and metrics. */
export class NoticesService {
  readonly #options: NoticesServiceOptions;
  /** The failure that the log has already. */
  #failure: string | null = null;

  constructor(options: NoticesServiceOptions) {
    this.#options = options;
  }

  /** @throws RequestFailure 429 during another run, 503 if anything failed: what succeeded beside it is durable */
  run(call: NoticeCall): Promise<NoticesAnswer> {
    return this.#options.slot.run(() => this.#run(call));
  }

  async #run(call: NoticeCall): Promise<NoticesAnswer> {
    const { notifier, pending, metrics, logger } = this.#options;
    const run = await notifier.run(call);
    const published = run.published.map(({ id, type, data: { table, count } }) => ({
      id,
      type,
      table,
      count,
    }));
    for (const notice of published) {
      metrics.published(notice);
      logger.info(notice, 'notice published');
    }
    if (published.some(({ type }) => type.startsWith('approval.'))) pending.refresh();
    metrics.ended(run);
    this.#log(run);
    this.#logWaiting(run, call.now);
    const { failure, waiting } = run;
    if (failure === null) return { published, waiting };
    const { code, message, disposition } = failure;
    const details = { disposition, published: published.length, waiting };
    throw new RequestFailure({ status: 503, code, message, details, cause: failure });
  }

  /** One line for each run that leaves notices behind: an alert reads their age. */
  #logWaiting({ waiting, oldestWaitingAt }: NoticeRun, now: Date): void {
    if (oldestWaitingAt === null) return;
    const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(oldestWaitingAt)) / 1_000));
    this.#options.logger.warn({ waiting, oldest_seconds: seconds }, 'notices wait');
  }

  /** One line for a failure, however many runs meet it. */
  #log({ failure, waiting }: NoticeRun): void {
    const { logger } = this.#options;
    const message = failure?.message ?? null;
    if (message === this.#failure) return;
    this.#failure = message;
    if (failure === null) logger.info('notices are published again');
    else logger.warn({ code: failure.code, detail: message, waiting }, 'notices are delayed');
  }
}
