import { join } from 'node:path';
import { JournalFile } from '../../journal/journal-file.js';
import type { TableEntry } from './catalog.js';

/**
 * A change that DuckDB does not have yet: rows of a table (see row-text.ts), or its metadata.
 *
 * `n` increases; DuckDB keeps per table the number up to which it has everything, so that a crash between the two
 * stores neither loses nor repeats a row.
 */
export type LoggedChange = { readonly n: number; readonly key: string } & (
  { readonly rows: readonly unknown[] } | { readonly entry: TableEntry }
);

const FILE_NAME = 'changes.ndjson';

/** Rewriting pays when the file has grown by this much and is mostly outdated; bytes. */
const MIN_GROWTH_BYTES = 64 * 1024 * 1024;

/** Keeps rows and metadata changes of tables until DuckDB has them; in memory only without a directory. */
export class ChangeLog {
  #next = 1;
  #compactedBytes = 0;

  private constructor(private readonly file: JournalFile<LoggedChange> | undefined) {}

  /** Opens the log and hands each change to `replay`, in order. `after` is the highest number that DuckDB knows. */
  static open(
    directory: string | undefined,
    after: number,
    replay: (change: LoggedChange) => void,
  ): ChangeLog {
    let last = after;
    const read = (change: LoggedChange): void => {
      last = Math.max(last, change.n);
      replay(change);
    };
    const log = new ChangeLog(
      directory === undefined ? undefined : JournalFile.open(join(directory, FILE_NAME), read).journal,
    );
    log.#next = last + 1;
    return log;
  }

  /** Number of the newest change. */
  get last(): number {
    return this.#next - 1;
  }

  /** Resolves when the disk has the rows; `texts` are encoded rows. */
  rows(key: string, texts: readonly string[]): Promise<void> {
    const n = this.#next++;
    if (this.file === undefined) return Promise.resolve();
    this.file.appendLine(`{"n":${n},"key":${JSON.stringify(key)},"rows":[${texts.join(',')}]}`);
    return this.file.sync();
  }

  /** Resolves when the disk has the table's metadata. */
  entry(entry: TableEntry, key: string): Promise<void> {
    const n = this.#next++;
    if (this.file === undefined) return Promise.resolve();
    this.file.append({ n, key, entry });
    return this.file.sync();
  }

  /** Rewrites the file to the changes that DuckDB lacks, if that makes it much smaller. */
  compact(
    live: () => Iterable<{
      readonly key: string;
      readonly entry?: TableEntry;
      readonly texts: readonly string[];
    }>,
  ): void {
    if (this.file === undefined || this.file.bytes < this.#compactedBytes * 2 + MIN_GROWTH_BYTES) return;
    this.file.replace(this.#renumbered(live()));
    this.#compactedBytes = this.file.bytes;
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  *#renumbered(
    live: Iterable<{ readonly key: string; readonly entry?: TableEntry; readonly texts: readonly string[] }>,
  ): Generator<LoggedChange> {
    for (const { key, entry, texts } of live) {
      if (entry !== undefined) yield { n: this.#next++, key, entry };
      for (let start = 0; start < texts.length; start += 1_000) {
        const rows = texts.slice(start, start + 1_000).map((text) => JSON.parse(text) as unknown);
        yield { n: this.#next++, key, rows };
      }
    }
  }
}
