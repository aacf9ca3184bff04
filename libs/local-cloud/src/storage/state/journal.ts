import { JournalFile } from '../../journal/journal-file.js';
import { StorageError } from './storage.errors.js';
import type { StateChange } from './storage-records.js';

/** Stores changes of state; resolves once they are durable. The changes of one call are stored together or not at all. */
export interface Journal {
  append(changes: readonly StateChange[]): Promise<void>;
  close(): Promise<void>;
}

/** For state in memory only. */
export const NO_JOURNAL: Journal = { append: () => Promise.resolve(), close: () => Promise.resolve() };

/** One line per request, flushed to the disk before the request is answered; concurrent requests share a flush. */
export class FileJournal implements Journal {
  private failure: StorageError | null = null;

  private constructor(private readonly file: JournalFile<readonly StateChange[]>) {}

  /** Opens or creates the journal and hands every stored line to `replay`. Returns it with the number of lines. */
  static open(
    path: string,
    replay: (changes: readonly StateChange[]) => void,
  ): { readonly journal: FileJournal; readonly lines: number } {
    const { journal, records } = JournalFile.open(path, replay);
    return { journal: new FileJournal(journal), lines: records };
  }

  async append(changes: readonly StateChange[]): Promise<void> {
    try {
      if (this.failure !== null) throw this.failure;
      this.file.append(changes);
      await this.file.sync();
    } catch (cause) {
      // Memory is ahead of the disk from here on: nothing is acknowledged until a restart has read the disk again.
      this.failure ??= new StorageError('backendError', 'The journal cannot be written.', { cause });
      throw this.failure;
    }
  }

  /** Replaces the journal by the shortest one with the same state. */
  compact(changes: readonly StateChange[]): void {
    this.file.replace(changes.map((change) => [change]));
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
