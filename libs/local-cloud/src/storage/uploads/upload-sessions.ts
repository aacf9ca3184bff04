import { randomUUID } from 'node:crypto';
import type { ChunkRange } from '../../http/chunk-range.js';
import { Checksummer, verifyChecksums } from '../objects/checksums.js';
import type { ContentWriter } from '../state/content-store.js';
import type { ObjectStore } from '../objects/object-store.js';
import { StorageError } from '../state/storage.errors.js';
import type {
  ExpectedChecksums,
  ObjectRecord,
  UploadRecord,
  UploadTarget,
} from '../state/storage-records.js';
import type { StorageState } from '../state/storage-state.js';

/** Bytes of an unfinished upload are kept in whole blocks of this size. */
export const UPLOAD_BLOCK_BYTES = 256 * 1024;

/** Progress of an upload; `persisted` counts the bytes that need not be sent again. */
export type UploadProgress =
  | { readonly kind: 'unfinished'; readonly persisted: number }
  | { readonly kind: 'finished'; readonly object: ObjectRecord };

/** One request of an upload; `interrupt` ends its body when a newer request takes over. */
export interface UploadRequest {
  readonly range: ChunkRange | null;
  readonly body: AsyncIterable<Uint8Array>;
  readonly expected: ExpectedChecksums;
  readonly interrupt: () => void;
}

interface OpenUpload {
  readonly record: UploadRecord;
  readonly writer: ContentWriter;
  readonly checksummer: Checksummer;
  current: { readonly interrupt: () => void; readonly ended: Promise<unknown> } | null;
}

/**
 * Resumable uploads. A session and its persisted bytes survive a restart; a finished one answers with its object.
 * Source: docs.cloud.google.com/storage/docs/resumable-uploads, read 2026-11-22.
 */
export class UploadSessions {
  private readonly open = new Map<string, Promise<OpenUpload>>();

  constructor(
    private readonly state: StorageState,
    private readonly objects: ObjectStore,
  ) {}

  async start(target: UploadTarget): Promise<string> {
    this.objects.checkTarget(target);
    const writer = await this.state.contents.create();
    await writer.sync();
    const record: UploadRecord = { id: randomUUID(), contentId: writer.contentId, target };
    await this.state.commit([{ op: 'upload', upload: record }]);
    const upload: OpenUpload = { record, writer, checksummer: new Checksummer(), current: null };
    this.open.set(record.id, Promise.resolve(upload));
    return record.id;
  }

  /** Refuses with `uploadNotFound`, with `invalid` for a gap or a wrong checksum, with 412 when finishing. */
  async receive(id: string, request: UploadRequest): Promise<UploadProgress> {
    let finished = this.state.catalog.finishedUpload(id);
    if (finished !== null) return { kind: 'finished', object: finished };
    const upload = await this.find(id);
    while (upload.current !== null) {
      upload.current.interrupt();
      await upload.current.ended.catch(() => undefined);
    }
    finished = this.state.catalog.finishedUpload(id);
    if (finished !== null) return { kind: 'finished', object: finished };
    if (this.state.catalog.upload(id) === null) throw noSuchUpload();
    const ended = this.advance(upload, request);
    upload.current = { interrupt: request.interrupt, ended };
    try {
      return await ended;
    } finally {
      upload.current = null;
    }
  }

  async cancel(id: string): Promise<void> {
    const upload = await this.find(id);
    upload.current?.interrupt();
    await this.forget(upload);
  }

  async close(): Promise<void> {
    for (const upload of this.open.values()) await (await upload).writer.close();
  }

  private async advance(upload: OpenUpload, request: UploadRequest): Promise<UploadProgress> {
    const { range } = request;
    if (range?.kind === 'status') {
      if (range.total === upload.writer.size) return this.finish(upload, request.expected);
      await upload.writer.sync();
      return toProgress(upload);
    }
    const start = range?.start ?? 0;
    if (start > upload.writer.size) {
      throw new StorageError(
        'invalid',
        `The upload has ${upload.writer.size} bytes; the chunk starts at ${start}.`,
      );
    }
    const rest = await this.appendBlocks(upload, request.body, upload.writer.size - start);
    const received = upload.writer.size + rest.length;
    if (isBeyond(received, range))
      throw new StorageError('invalid', 'The body is longer than its Content-Range.');
    if (!isWhole(received, range)) {
      await upload.writer.sync();
      return toProgress(upload);
    }
    await append(upload, rest);
    return this.finish(upload, request.expected);
  }

  /** Append whole blocks; returns the bytes that do not fill one. `skip` bytes are there already. */
  private async appendBlocks(
    upload: OpenUpload,
    body: AsyncIterable<Uint8Array>,
    skip: number,
  ): Promise<Buffer> {
    let ahead = skip;
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    for await (const chunk of body) {
      const fresh = chunk.subarray(Math.min(ahead, chunk.length));
      ahead -= chunk.length - fresh.length;
      held.push(fresh);
      heldBytes += fresh.length;
      if (heldBytes < UPLOAD_BLOCK_BYTES) continue;
      const joined = Buffer.concat(held);
      const whole = joined.length - (joined.length % UPLOAD_BLOCK_BYTES);
      await append(upload, joined.subarray(0, whole));
      held = [joined.subarray(whole)];
      heldBytes = joined.length - whole;
    }
    return Buffer.concat(held);
  }

  private async finish(upload: OpenUpload, announced: ExpectedChecksums): Promise<UploadProgress> {
    const { id, target, contentId } = upload.record;
    const checksums = upload.checksummer.digest();
    try {
      verifyChecksums({ ...target.expected, ...announced }, checksums);
      await upload.writer.sync();
      const content = { contentId, size: upload.writer.size, ...checksums };
      const object = await this.objects.put(target, { content, uploadId: id });
      this.open.delete(id);
      await upload.writer.close();
      return { kind: 'finished', object };
    } catch (failure) {
      await this.forget(upload);
      throw failure;
    }
  }

  private async forget(upload: OpenUpload): Promise<void> {
    this.open.delete(upload.record.id);
    await upload.writer.close();
    if (this.state.catalog.upload(upload.record.id) === null) return;
    await this.state.commit([{ op: 'upload-gone', id: upload.record.id }]);
  }

  private find(id: string): Promise<OpenUpload> {
    const record = this.state.catalog.upload(id);
    if (record === null) throw noSuchUpload();
    const found = this.open.get(id) ?? this.reopen(record);
    this.open.set(id, found);
    return found;
  }

  /** After a restart: keep whole blocks and hash them again. */
  private async reopen(record: UploadRecord): Promise<OpenUpload> {
    const writer = await this.state.contents.reopen(
      record.contentId,
      (size) => size - (size % UPLOAD_BLOCK_BYTES),
    );
    if (writer === null) throw noSuchUpload();
    const checksummer = new Checksummer();
    const kept = this.state.contents.read(record.contentId, { start: 0, end: writer.size });
    for await (const chunk of kept as AsyncIterable<Uint8Array>) checksummer.update(chunk);
    return { record, writer, checksummer, current: null };
  }
}

async function append({ writer, checksummer }: OpenUpload, bytes: Uint8Array): Promise<void> {
  await writer.append(bytes);
  checksummer.update(bytes);
}

function isBeyond(received: number, range: ChunkRange | null): boolean {
  const end = range?.kind === 'bytes' ? (range.end ?? range.total) : null;
  return end !== null && received > end;
}

/** True if the object is complete with the bytes received so far. */
function isWhole(received: number, range: ChunkRange | null): boolean {
  if (range?.kind !== 'bytes') return true;
  return range.total === null ? range.end === null : received === range.total;
}

function toProgress(upload: OpenUpload): UploadProgress {
  return { kind: 'unfinished', persisted: upload.writer.size };
}

function noSuchUpload(): StorageError {
  return new StorageError('uploadNotFound', 'No such upload session.');
}
