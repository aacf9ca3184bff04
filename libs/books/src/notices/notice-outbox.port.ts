import type { NewNotice } from './choose-notices.js';
import type { Notice, NoticeType } from './notice.js';

/** A notice that was recorded. */
export interface RecordedNotice {
  readonly id: string;
  readonly type: NoticeType;
  readonly table: string | null;
  readonly recordedAt: string;
  /** Ids of the facts that it reports. */
  readonly facts: readonly string[];
  /** The notice; null once Pub/Sub has it. */
  readonly waiting: Notice | null;
}

/** A notice that Pub/Sub has stored. */
export interface PublishedNotice {
  readonly notice: Notice;
  /** The id that Pub/Sub gave. */
  readonly messageId: string;
}

/**
 * The outbox: notices are recorded before they are published and marked after Pub/Sub has confirmed them, so that a process that is
 * killed anywhere in between loses none and publishes the same notice, with the same id, again.
 */
export interface NoticeOutbox {
  /** The notices recorded since an instant, each once, the oldest first. @throws CloudError */
  read(since: Date): Promise<readonly RecordedNotice[]>;
  /** Resolves once all are durable. A notice that is recorded twice is read once. @throws CloudError */
  record(notices: readonly NewNotice[], now: Date): Promise<void>;
  /** Marks notices as published. @throws CloudError */
  mark(published: readonly PublishedNotice[], now: Date): Promise<void>;
}
