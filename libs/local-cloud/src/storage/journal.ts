import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './content-files.js';
import { StorageError } from './storage.errors.js';
import type { StateChange } from './storage-records.js';

/** Keeps changes of state; resolves once they are kept. The changes of one call are kept together or not at all. */
export interface Journal {
  append(changes: readonly StateChange[]): Promise<void>;
  close(): Promise<void>;
}

/** For state in memory only. */
export const NO_JOURNAL: Journal = { append: () => Promise.resolve(), close: () => Promise.resolve() };

interface PendingLine {
  readonly text: string;
  readonly kept: () => void;
  readonly failed: (refusal: StorageError) => void;
}

/**
 * One line of JSON per request, appended and flushed to the disk (`fdatasync`) before the request is answered;
 * requests that arrive meanwhile share the next flush. A last line that was cut off was never acknowledged: it is dropped.
 */
export class FileJournal implements Journal {
  private pending: PendingLine[] = [];
  private draining: Promise<void> | null = null;
  private failure: StorageError | null = null;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
  ) {}

  /** Open or create the journal, handing every kept line to `replay`. Returns it with the number of lines. */
  static async open(
    path: string,
    replay: (changes: readonly StateChange[]) => void,
  ): Promise<{ readonly journal: FileJournal; readonly lines: number }> {
    const file = await open(path, 'a+');
    const { lines, bytes } = await readLines(path, replay);
    await file.truncate(bytes);
    await syncDirectory(dirname(path));
    return { journal: new FileJournal(path, file), lines };
  }

  append(changes: readonly StateChange[]): Promise<void> {
    return new Promise((kept, failed) => {
      this.pending.push({ text: `${JSON.stringify(changes)}\n`, kept, failed });
      this.draining ??= this.drain();
    });
  }

  /** Replace the journal by the shortest one of the same state: written beside it, flushed, renamed over it. */
  async compact(changes: Iterable<StateChange>): Promise<void> {
    const temporary = `${this.path}.new`;
    const file = await open(temporary, 'w');
    for (const change of changes) await file.write(`${JSON.stringify([change])}\n`);
    await file.datasync();
    await file.close();
    await rename(temporary, this.path);
    await syncDirectory(dirname(this.path));
    await this.file.close();
    this.file = await open(this.path, 'a');
  }

  async close(): Promise<void> {
    await this.draining;
    await this.file.close();
  }

  private async drain(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      try {
        if (this.failure !== null) throw this.failure;
        await this.file.appendFile(batch.map((line) => line.text).join(''));
        await this.file.datasync();
        for (const line of batch) line.kept();
      } catch (cause) {
        // Memory is ahead of the disk from here on: nothing more is acknowledged until a restart reads the disk again.
        this.failure ??= new StorageError('backendError', 'The journal cannot be written.', { cause });
        for (const line of batch) line.failed(this.failure);
      }
    }
    this.draining = null;
  }
}

async function readLines(
  path: string,
  replay: (changes: readonly StateChange[]) => void,
): Promise<{ readonly lines: number; readonly bytes: number }> {
  let held: Buffer = Buffer.alloc(0);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let from = 0;
    for (let at = held.indexOf(10, from); at >= 0; at = held.indexOf(10, from)) {
      // Written by append() above; a line that does not parse is damage from outside and must stop the start.
      replay(JSON.parse(held.toString('utf8', from, at)) as readonly StateChange[]);
      lines++;
      bytes += at + 1 - from;
      from = at + 1;
    }
    held = held.subarray(from);
  }
  return { lines, bytes };
}
