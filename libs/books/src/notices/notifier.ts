import { CloudError, type Publisher } from '@pipeline/google-clients';
import { causeOf, chooseNotices, type NewNotice } from './choose-notices.js';
import { toMessage, type Fact, type Notice, type NoticeSource } from './notice.js';
import type { FactSource, FactSpan } from './notice-facts.port.js';
import type { NoticeOutbox, PublishedNotice, RecordedNotice } from './notice-outbox.port.js';

/** Time for which a notice is remembered: a change that still waits for an approval is a fact again after it. */
const REMEMBERED_MS = 30 * 86_400_000;

export interface NotifierOptions {
  readonly outbox: NoticeOutbox;
  readonly sources: readonly FactSource[];
  readonly publisher: Publisher;
  readonly source: NoticeSource;
  /** Shortest time between two notices of one type and table, in milliseconds. */
  readonly pauseMs: number;
}

export interface NoticeRun {
  /** Notices that Pub/Sub stored in this run. */
  readonly published: readonly Notice[];
  /** Notices that are recorded and that Pub/Sub does not have yet; 0 if the outbox could not be read. */
  readonly waiting: number;
  /** When the oldest of them was made; null if none waits or the outbox could not be read. */
  readonly oldestWaitingAt: string | null;
  /** The first failure; null if nothing failed. What succeeded beside it is durable. */
  readonly failure: CloudError | null;
}

/**
 * Publishes what became durable since the last run: reads facts, records the notices that are due, publishes them, and marks them.
 *
 * At least once: a process that ends between publishing and marking publishes the same notice, with the same id, in the next run.
 * A notice exists only after the fact that it reports. Safe beside another notifier: both record and publish notices with the ids that
 * their facts give them; a fact that only one of two simultaneous runs read can be in two notices, and never in none.
 */
export class Notifier {
  readonly #options: NotifierOptions;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Runs once. Never throws: failures are in the answer, and the next run makes up for them. */
  async run({ now, publishedSince }: Pick<FactSpan, 'now' | 'publishedSince'>): Promise<NoticeRun> {
    const run = new Attempts();
    const { outbox, pauseMs, source } = this.#options;
    const recorded = await run.attempt(() => outbox.read(new Date(now.getTime() - REMEMBERED_MS)));
    if (recorded === null) return { published: [], ...waitingOf([], []), failure: run.failure };
    const earlier = recorded.flatMap(({ waiting }) => (waiting === null ? [] : [waiting]));
    const published = [...(await this.#publish(earlier, now, run))];
    const reported = new Set(recorded.flatMap(({ facts }) => facts));
    const facts = await this.#facts({ now, publishedSince, reported }, run);
    const due = chooseNotices(
      facts,
      { facts: reported, lastAtMs: lastTimes(recorded) },
      { ...source, now, pauseMs },
    );
    const fresh = (await run.attempt(() => this.#record(due, now))) ?? [];
    published.push(...(await this.#publish(fresh, now, run)));
    return { published, ...waitingOf([...earlier, ...fresh], published), failure: run.failure };
  }

  async #facts(span: FactSpan, run: Attempts): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for (const source of this.#options.sources)
      facts.push(...((await run.attempt(() => source.read(span))) ?? []));
    return facts;
  }

  async #record(due: readonly NewNotice[], now: Date): Promise<readonly Notice[]> {
    if (due.length > 0) await this.#options.outbox.record(due, now);
    return due.map(({ notice }) => notice);
  }

  /** Publishes notices and marks those that Pub/Sub has. */
  async #publish(notices: readonly Notice[], now: Date, run: Attempts): Promise<readonly Notice[]> {
    const { publisher, outbox } = this.#options;
    const attempts = notices.map((notice) =>
      run.attempt(async (): Promise<PublishedNotice> => {
        return { notice, messageId: await publisher.publish(toMessage(notice)) };
      }),
    );
    const published = (await Promise.all(attempts)).filter((one) => one !== null);
    if (published.length > 0) await run.attempt(() => outbox.mark(published, now));
    return published.map(({ notice }) => notice);
  }
}

/** The notices that Pub/Sub does not have yet. */
function waitingOf(
  notices: readonly Notice[],
  published: readonly Notice[],
): Pick<NoticeRun, 'waiting' | 'oldestWaitingAt'> {
  const done = new Set(published.map(({ id }) => id));
  const times = notices.flatMap(({ id, time }) => (done.has(id) ? [] : [time]));
  return { waiting: times.length, oldestWaitingAt: times.sort()[0] ?? null };
}

/** Keeps the first failure of a run, so that one step cannot keep the others from being made. */
class Attempts {
  failure: CloudError | null = null;

  /** Returns the result of a step, or null if it failed. */
  async attempt<T>(step: () => Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (cause) {
      this.failure ??= CloudError.from(cause);
      return null;
    }
  }
}

function lastTimes(recorded: readonly RecordedNotice[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { recordedAt, ...cause } of recorded) {
    const key = causeOf(cause);
    newest.set(key, Math.max(newest.get(key) ?? -Infinity, Date.parse(recordedAt)));
  }
  return newest;
}
