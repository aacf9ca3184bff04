import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ContentStore, ContentWriter } from './content-store.js';
import type { ByteRange } from './byte-ranges.js';

/** Content in memory, gone with the process. */
export class MemoryContentStore implements ContentStore {
  private readonly chunks = new Map<string, Buffer[]>();

  create(): Promise<ContentWriter> {
    const contentId = randomUUID();
    this.chunks.set(contentId, []);
    return Promise.resolve(this.writerOf(contentId));
  }

  reopen(): Promise<null> {
    return Promise.resolve(null);
  }

  read(contentId: string, { start, end }: ByteRange): Readable {
    const pieces: Buffer[] = [];
    let offset = 0;
    for (const chunk of this.chunks.get(contentId) ?? []) {
      if (offset + chunk.length > start && offset < end) {
        pieces.push(chunk.subarray(Math.max(0, start - offset), Math.min(chunk.length, end - offset)));
      }
      offset += chunk.length;
    }
    return Readable.from(pieces, { objectMode: false });
  }

  remove(contentId: string): void {
    this.chunks.delete(contentId);
  }

  sweep(): Promise<void> {
    return Promise.resolve();
  }

  private writerOf(contentId: string): ContentWriter {
    const chunks = this.chunks.get(contentId) ?? [];
    let size = 0;
    return {
      contentId,
      get size() {
        return size;
      },
      append: (bytes) => {
        chunks.push(Buffer.from(bytes));
        size += bytes.length;
        return Promise.resolve();
      },
      sync: () => Promise.resolve(),
      close: () => Promise.resolve(),
      discard: () => {
        this.remove(contentId);
        return Promise.resolve();
      },
    };
  }
}
