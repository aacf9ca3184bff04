import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Catalog } from './catalog.js';
import { FileContentStore } from './content-files.js';
import { MemoryContentStore } from './content-memory.js';
import type { ContentStore } from './content-store.js';
import { FileJournal, type Journal, NO_JOURNAL } from './journal.js';
import { bucketNotFound } from './storage.errors.js';
import type { BucketRecord, StateChange } from './storage-records.js';

/** Lines of the journal that are allowed beyond the state itself before a start rewrites it. */
const COMPACT_AFTER_LINES = 1_000;

/**
 * Metadata, content and journal together.
 *
 * A change is checked and applied without a pause in between, so that of two requests with one precondition exactly
 * one wins; it is answered after the journal holds it, and only then is content removed that it replaced.
 */
export class StorageState {
  private constructor(
    readonly catalog: Catalog,
    readonly contents: ContentStore,
    private readonly journal: Journal,
    readonly now: () => number,
  ) {}

  /** In memory without a directory; else `journal.jsonl` and `content/` below it. */
  static async open(dataDirectory: string | undefined, now: () => number): Promise<StorageState> {
    const catalog = new Catalog();
    if (dataDirectory === undefined)
      return new StorageState(catalog, new MemoryContentStore(), NO_JOURNAL, now);
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    const contents = await FileContentStore.open(join(dataDirectory, 'content'));
    const { journal, lines } = FileJournal.open(join(dataDirectory, 'journal.jsonl'), (changes) => {
      catalog.apply(changes);
    });
    const state = [...catalog.snapshot()];
    if (lines > state.length + COMPACT_AFTER_LINES) journal.compact(state);
    await contents.sweep(catalog.contentIds());
    return new StorageState(catalog, contents, journal, now);
  }

  async commit(changes: readonly StateChange[]): Promise<void> {
    const released = this.catalog.apply(changes);
    await this.journal.append(changes);
    for (const contentId of released) this.contents.remove(contentId);
  }

  requireBucket(name: string): BucketRecord {
    const bucket = this.catalog.bucket(name);
    if (bucket === null) throw bucketNotFound();
    return bucket;
  }

  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}
