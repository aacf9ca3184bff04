import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const datasync = promisify(fdatasync);

/** Private to the account: journals hold payloads of events. */
const FILE_MODE = 0o600;

const READ_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Append-only file of JSON records, one per line.
 *
 * `append` returns when the operating system has the record: it survives the process (`kill -9`). `sync` resolves when
 * the disk has everything appended before: it survives a power cut; callers that wait at the same time share one flush.
 * A last line without its end was never acknowledged: reading cuts it off. One process per file.
 */
export class JournalFile<Record> {
  #file: number;
  #bytes: number;
  #flushing: Promise<void> | undefined;
  #nextFlush: Promise<void> | undefined;

  private constructor(
    readonly path: string,
    file: number,
  ) {
    this.#file = file;
    this.#bytes = fstatSync(file).size;
  }

  /** Opens or creates the file and hands each record to `replay`. Errors: `SyntaxError` for a damaged line. */
  static open<Record>(
    path: string,
    replay: (record: Record) => void,
  ): { readonly journal: JournalFile<Record>; readonly records: number } {
    const journal = new JournalFile<Record>(path, openSync(path, 'a+', FILE_MODE));
    const { records, bytes } = readRecords(journal.#file, (record) => {
      replay(record as Record);
    });
    journal.#truncate(bytes);
    syncDirectory(dirname(path));
    return { journal, records };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Errors: Node's own (`ENOSPC`); a record that was written in part is cut off again. */
  append(record: Record): void {
    this.appendLine(JSON.stringify(record));
  }

  /** As `append`, for a caller that has the record's JSON; it must not contain a line break. */
  appendLine(json: string): void {
    try {
      this.#bytes += writeLine(this.#file, json);
    } catch (cause) {
      this.#truncate(this.#bytes);
      throw cause;
    }
  }

  /** Flushes to the disk. A flush under way may miss the caller's record, so the caller gets the next one. */
  sync(): Promise<void> {
    this.#nextFlush ??= (this.#flushing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#flushing = this.#nextFlush;
        this.#nextFlush = undefined;
        return datasync(this.#file);
      });
    return this.#nextFlush;
  }

  /** Replaces the content in one step: written beside it, flushed, renamed over it. On an error the old one goes on. */
  replace(records: Iterable<Record>): void {
    const newPath = `${this.path}.new`;
    try {
      const bytes = writeAll(newPath, records);
      renameSync(newPath, this.path);
      syncDirectory(dirname(this.path));
      closeSync(this.#file);
      this.#file = openSync(this.path, 'a', FILE_MODE);
      this.#bytes = bytes;
    } catch (cause) {
      rmSync(newPath, { force: true });
      throw cause;
    }
  }

  async close(): Promise<void> {
    await (this.#nextFlush ?? this.#flushing)?.catch(() => undefined);
    this.closeSync();
  }

  closeSync(): void {
    closeSync(this.#file);
  }

  #truncate(bytes: number): void {
    ftruncateSync(this.#file, bytes);
    this.#bytes = bytes;
  }
}

/** Forces the entries of a directory to the disk, so that a file created or renamed in it is found after a power cut. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function writeAll(path: string, records: Iterable<unknown>): number {
  const file = openSync(path, 'w', FILE_MODE);
  try {
    let bytes = 0;
    for (const record of records) bytes += writeLine(file, JSON.stringify(record));
    fdatasyncSync(file);
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Writes the whole line or throws: a short write continues where it stopped. */
function writeLine(file: number, json: string): number {
  const line = Buffer.from(`${json}\n`);
  for (let written = 0; written < line.length;) written += writeSync(file, line, written);
  return line.length;
}

function readRecords(
  file: number,
  replay: (record: unknown) => void,
): { readonly records: number; readonly bytes: number } {
  const chunk = Buffer.alloc(READ_BYTES);
  let held: Buffer = Buffer.alloc(0);
  let position = 0;
  let records = 0;
  let bytes = 0;
  for (let read = readSync(file, chunk, 0, READ_BYTES, 0); read > 0;) {
    position += read;
    held = Buffer.concat([held, chunk.subarray(0, read)]);
    let from = 0;
    for (let at = held.indexOf(NEWLINE); at >= 0; at = held.indexOf(NEWLINE, from)) {
      if (at > from) replay(JSON.parse(held.toString('utf8', from, at)));
      records += 1;
      bytes += at + 1 - from;
      from = at + 1;
    }
    held = held.subarray(from);
    read = readSync(file, chunk, 0, READ_BYTES, position);
  }
  return { records, bytes };
}
