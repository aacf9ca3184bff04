import { randomUUID } from 'node:crypto';
import { createReadStream, openSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { syncDirectory } from '../../journal/journal-file.js';
import type { ByteRange } from './byte-ranges.js';
import type { ContentStore, ContentWriter } from './content-store.js';

/** Content as files, one per content id; a file is part of the state only once the journal names it. */
export class FileContentStore implements ContentStore {
  private constructor(private readonly directory: string) {}

  static async open(directory: string): Promise<FileContentStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new FileContentStore(directory);
  }

  async create(): Promise<ContentWriter> {
    const contentId = randomUUID();
    return this.writerOf(contentId, await open(this.pathOf(contentId), 'wx', 0o600), 0);
  }

  async reopen(contentId: string, toSize: (size: number) => number): Promise<ContentWriter | null> {
    let file: FileHandle;
    try {
      file = await open(this.pathOf(contentId), 'r+');
    } catch (failure) {
      if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return null;
      throw failure;
    }
    const size = toSize((await file.stat()).size);
    await file.truncate(size);
    return this.writerOf(contentId, file, size);
  }

  read(contentId: string, { start, end }: ByteRange): Readable {
    if (start >= end) return Readable.from([], { objectMode: false });
    const fd = openSync(this.pathOf(contentId), 'r');
    return createReadStream('', { fd, start, end: end - 1, highWaterMark: 256 * 1024 });
  }

  remove(contentId: string): void {
    rmSync(this.pathOf(contentId), { force: true });
  }

  async sweep(kept: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.directory)) {
      if (!kept.has(name)) await rm(join(this.directory, name), { force: true });
    }
  }

  private pathOf(contentId: string): string {
    return join(this.directory, contentId);
  }

  private writerOf(contentId: string, file: FileHandle, size: number): ContentWriter {
    let written = size;
    let known = size > 0;
    const discard = async (): Promise<void> => {
      await file.close();
      this.remove(contentId);
    };
    return {
      contentId,
      get size() {
        return written;
      },
      append: async (bytes) => {
        for (let at = 0; at < bytes.length;) {
          const { bytesWritten } = await file.write(bytes, at, bytes.length - at, written);
          at += bytesWritten;
          written += bytesWritten;
        }
      },
      sync: async () => {
        await file.datasync();
        if (!known) syncDirectory(this.directory);
        known = true;
      },
      close: () => file.close(),
      discard,
    };
  }
}
