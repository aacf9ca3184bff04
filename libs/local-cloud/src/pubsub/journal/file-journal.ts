import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { JournalFile } from '../../journal/journal-file.js';
import type { StoredMessage } from '../backlog/message.js';
import { PubsubError } from '../wire/status.js';
import { packMessage } from './pack.js';
import type { Journal, JournalRecord } from './records.js';

const FILE_NAME = 'pubsub.ndjson';

/** The log is rewritten as a checkpoint when it has grown by this much and to twice its last checkpoint; bytes. */
const MIN_GROWTH_BYTES = 64 * 1024 * 1024;

/**
 * The journal in a file, rewritten as a checkpoint when it has grown.
 *
 * Limits: written to the operating system, not forced to the disk: it survives the process, not a power cut.
 */
export class FileJournal implements Journal {
  private readonly file: JournalFile<JournalRecord>;
  private stored: JournalRecord[] = [];
  private checkpointBytes = 0;
  private settledIds = new Map<string, number[]>();
  private isCheckpointPlanned = false;
  private isClosed = false;
  private state: (() => Iterable<JournalRecord>) | undefined;

  constructor(
    directory: string,
    private readonly minGrowthBytes = MIN_GROWTH_BYTES,
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const replay = (record: JournalRecord): void => {
      this.stored.push(record);
    };
    this.file = JournalFile.open(join(directory, FILE_NAME), replay).journal;
  }

  /** The records that the file held when it was opened; the second call returns none. */
  read(): JournalRecord[] {
    const { stored } = this;
    this.stored = [];
    return stored;
  }

  /** Sets the source of checkpoints; until then none is made. */
  checkpointFrom(state: () => Iterable<JournalRecord>): void {
    this.state = state;
    this.planCheckpoint();
  }

  append(record: JournalRecord): void {
    this.flushSettled();
    this.write(record);
  }

  published(topic: string, messages: readonly StoredMessage[]): void {
    this.append({ kind: 'publish', topic, messages: messages.map(packMessage) });
  }

  settled(subscription: string, messageId: number): void {
    if (this.isClosed) return;
    if (this.settledIds.size === 0) {
      setImmediate(() => {
        this.flushSettled();
      });
    }
    const ids = this.settledIds.get(subscription);
    if (ids === undefined) this.settledIds.set(subscription, [messageId]);
    else ids.push(messageId);
  }

  close(): void {
    this.flushSettled();
    this.isClosed = true;
    this.file.closeSync();
  }

  private write(record: JournalRecord): void {
    try {
      this.file.append(record);
    } catch (cause) {
      throw new PubsubError('UNAVAILABLE', `The journal ${this.file.path} cannot be written.`, { cause });
    }
    this.planCheckpoint();
  }

  private flushSettled(): void {
    const settled = this.settledIds;
    if (settled.size === 0 || this.isClosed) return;
    this.settledIds = new Map();
    try {
      for (const [subscription, ids] of settled) this.write({ kind: 'settled', subscription, ids });
    } catch {
      // An unrecorded acknowledgement means redelivery after a restart, which subscribers must expect anyway.
    }
  }

  /** Deferred, because the record just written has no effect on the state before its caller continues. */
  private planCheckpoint(): void {
    const { bytes } = this.file;
    const isDue = bytes >= this.checkpointBytes * 2 && bytes >= this.checkpointBytes + this.minGrowthBytes;
    if (!isDue || this.isCheckpointPlanned || this.state === undefined) return;
    this.isCheckpointPlanned = true;
    setImmediate(() => {
      this.isCheckpointPlanned = false;
      if (!this.isClosed) this.checkpoint(this.state?.() ?? []);
    });
  }

  private checkpoint(state: Iterable<JournalRecord>): void {
    try {
      this.file.replace(state);
    } catch {
      // The present file is still valid; the next growth tries again.
    }
    this.checkpointBytes = this.file.bytes;
  }
}
