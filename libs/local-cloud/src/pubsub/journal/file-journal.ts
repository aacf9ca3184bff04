import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { StoredMessage } from '../backlog/message.js';
import { PubsubError } from '../wire/status.js';
import { packMessage } from './pack.js';
import type { Journal, JournalRecord } from './records.js';

const FILE_NAME = 'pubsub.ndjson';

/** The log is rewritten as a checkpoint when it has grown by this much and to twice its last checkpoint; bytes. */
const MIN_GROWTH_BYTES = 64 * 1024 * 1024;

/**
 * The journal in a file: one JSON record per line, appended; now and then rewritten as a checkpoint and put in its
 * place in one step, so that a `kill -9` at any moment leaves either the old file or the new one.
 *
 * Limits: written to the operating system, not forced to the disk: it survives the process, not a power cut.
 */
export class FileJournal implements Journal {
  private readonly path: string;
  private file: number;
  private bytes: number;
  private checkpointBytes = 0;
  private settledIds = new Map<string, number[]>();
  private isCheckpointPlanned = false;
  private isClosed = false;
  private state: (() => Iterable<JournalRecord>) | undefined;

  constructor(
    directory: string,
    private readonly minGrowthBytes = MIN_GROWTH_BYTES,
  ) {
    mkdirSync(directory, { recursive: true });
    this.path = join(directory, FILE_NAME);
    this.file = openSync(this.path, 'a');
    this.bytes = fstatSync(this.file).size;
  }

  /** What the file holds. A last line without its end, as a kill leaves it, was never answered for and is cut off. */
  read(): JournalRecord[] {
    const content = readFileSync(this.path);
    const end = content.lastIndexOf(0x0a) + 1;
    if (end < content.length) {
      truncateSync(this.path, end);
      this.bytes = end;
    }
    const lines = content.toString('utf8', 0, end).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalRecord);
  }

  /** Say where checkpoints come from; until then none is made. */
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
    closeSync(this.file);
  }

  /** A line that could not be written whole is cut off again. */
  private write(record: JournalRecord): void {
    try {
      this.bytes += writeLine(this.file, record);
    } catch (cause) {
      truncateSync(this.path, this.bytes);
      throw new PubsubError('UNAVAILABLE', `The journal ${this.path} cannot be written.`, { cause });
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
      // What is not noted as settled is delivered again after a restart, which subscribers must expect anyway.
    }
  }

  /** Not at once: the record just written has no effect on the state before its caller goes on. */
  private planCheckpoint(): void {
    const isDue =
      this.bytes >= this.checkpointBytes * 2 && this.bytes >= this.checkpointBytes + this.minGrowthBytes;
    if (!isDue || this.isCheckpointPlanned || this.state === undefined) return;
    this.isCheckpointPlanned = true;
    setImmediate(() => {
      this.isCheckpointPlanned = false;
      if (!this.isClosed) this.checkpoint(this.state?.() ?? []);
    });
  }

  /** Where it fails, the log as it is goes on; the next growth tries again. */
  private checkpoint(state: Iterable<JournalRecord>): void {
    const newPath = `${this.path}.new`;
    try {
      const bytes = writeFile(newPath, state);
      renameSync(newPath, this.path);
      this.bytes = bytes;
      closeSync(this.file);
      this.file = openSync(this.path, 'a');
    } catch {
      rmSync(newPath, { force: true });
    }
    this.checkpointBytes = this.bytes;
  }
}

function writeFile(path: string, records: Iterable<JournalRecord>): number {
  const file = openSync(path, 'w');
  try {
    let bytes = 0;
    for (const record of records) bytes += writeLine(file, record);
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** The whole line or an error: a short write goes on where it stopped. */
function writeLine(file: number, record: JournalRecord): number {
  const line = Buffer.from(`${JSON.stringify(record)}\n`);
  for (let written = 0; written < line.length;) written += writeSync(file, line, written);
  return line.length;
}
