import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-ranges.js';

/** Content that is being written; `size` counts the bytes appended so far. */
export interface ContentWriter {
  readonly contentId: string;
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Returns when everything appended survives a stop of the machine (files) or is readable (memory). */
  sync(): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

/** Bytes of objects by content id. Two implementations: memory and files. */
export interface ContentStore {
  create(): Promise<ContentWriter>;
  /** Go on with content that was being written, cut to at most `toSize(bytes there)`; null when it is not there. */
  reopen(contentId: string, toSize: (size: number) => number): Promise<ContentWriter | null>;
  /** Opened before it returns, so that a later removal does not disturb the reader. The stream must be consumed or destroyed. */
  read(contentId: string, range: ByteRange): Readable;
  remove(contentId: string): void;
  /** Remove all content but that named. */
  sweep(kept: ReadonlySet<string>): Promise<void>;
}
