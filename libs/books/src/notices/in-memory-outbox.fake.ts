import type { NewNotice } from './choose-notices.js';
import type { NoticeOutbox, PublishedNotice, RecordedNotice } from './notice-outbox.port.js';

/** An outbox in memory that outlives its readers, as the table does. `fails` names the steps that are refused. */
export class InMemoryOutbox implements NoticeOutbox {
  readonly #notices = new Map<string, RecordedNotice>();
  readonly fails = new Set<'record' | 'mark'>();

  read(since: Date): Promise<readonly RecordedNotice[]> {
    return Promise.resolve(
      [...this.#notices.values()].filter(({ recordedAt }) => Date.parse(recordedAt) >= since.getTime()),
    );
  }

  async record(notices: readonly NewNotice[], now: Date): Promise<void> {
    await this.#refuse('record');
    for (const { notice, facts } of notices) {
      const { id, type } = notice;
      if (this.#notices.has(id)) continue;
      const { table } = notice.data;
      this.#notices.set(id, { id, type, table, facts, recordedAt: now.toISOString(), waiting: notice });
    }
  }

  async mark(published: readonly PublishedNotice[]): Promise<void> {
    await this.#refuse('mark');
    for (const { notice } of published) {
      const found = this.#notices.get(notice.id);
      if (found !== undefined) this.#notices.set(notice.id, { ...found, waiting: null });
    }
  }

  #refuse(step: 'record' | 'mark'): Promise<void> {
    return this.fails.has(step) ? Promise.reject(new Error(`killed before ${step}`)) : Promise.resolve();
  }
}
