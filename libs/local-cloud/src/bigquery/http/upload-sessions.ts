import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ChunkRange } from '../../http/chunk-range.js';
import { BigqueryError, invalid, notFound } from '../rules/api-error.js';
import type { JsonObject } from '../rules/json.js';

/** Content of one upload; it is in memory until its job has read it. */
const MAX_UPLOAD_BYTES = 1024 * 1024 * 1024;

/** Uploads that may be unfinished at a time; the oldest is forgotten. */
const MAX_SESSIONS = 100;

/** Content that is being uploaded. Errors: 413 when it exceeds 1 GiB. */
class HeldContent {
  #chunks: Uint8Array[] = [];
  bytes = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > MAX_UPLOAD_BYTES)
      throw new BigqueryError({
        reason: 'invalid',
        httpStatus: 413,
        message: `An upload to this server has at most ${MAX_UPLOAD_BYTES} bytes.`,
      });
  }

  /** Gives the content away. */
  take(): AsyncIterable<Uint8Array> {
    const chunks = this.#chunks;
    this.#chunks = [];
    return Readable.from(chunks);
  }
}

/** Reads content to its end, so that a client that leaves before starts no job. */
export async function readWhole(content: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const held = new HeldContent();
  for await (const chunk of content) held.add(chunk);
  return held.take();
}

interface Session {
  readonly projectId: string;
  readonly body: JsonObject;
  readonly content: HeldContent;
  finished: JsonObject | undefined;
}

/** Progress of an upload: the bytes that need not be sent again, or the answer of the job that it has started. */
export type UploadProgress =
  | { readonly kind: 'unfinished'; readonly persisted: number }
  | { readonly kind: 'finished'; readonly resource: JsonObject };

/** Starts the job of a complete upload and returns its resource. */
export type FinishUpload = (upload: {
  readonly projectId: string;
  readonly body: JsonObject;
  readonly content: AsyncIterable<Uint8Array>;
}) => JsonObject;

/**
 * Resumable uploads of load jobs, in memory. A finished one answers with its job when it is asked again.
 *
 * Source: cloud.google.com/bigquery/docs/reference/api-uploads#resumable, read 2026-11-29.
 */
export class UploadSessions {
  readonly #sessions = new Map<string, Session>();

  start(projectId: string, body: JsonObject): string {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    const id = randomUUID();
    this.#sessions.set(id, { projectId, body, content: new HeldContent(), finished: undefined });
    return id;
  }

  /** Errors: 404 for an unknown id, 400 for a chunk that leaves a gap or does not fit its range, 413 for too much. */
  async receive(
    id: string,
    range: ChunkRange | null,
    content: AsyncIterable<Uint8Array>,
    finish: FinishUpload,
  ): Promise<UploadProgress> {
    const session = this.#session(id);
    if (session.finished !== undefined) return { kind: 'finished', resource: session.finished };
    if (range?.kind !== 'status') await append(session, range, content);
    const { bytes } = session.content;
    if (range !== null && range.total !== bytes) return { kind: 'unfinished', persisted: bytes };
    session.finished = finish({ ...session, content: session.content.take() });
    return { kind: 'finished', resource: session.finished };
  }

  cancel(id: string): void {
    this.#session(id);
    this.#sessions.delete(id);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw notFound(`Upload ${id}`);
    return session;
  }
}

async function append(
  { content: held }: Session,
  range: Extract<ChunkRange, { kind: 'bytes' }> | null,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const start = range?.start ?? 0;
  if (start > held.bytes)
    throw invalid(`The upload has ${held.bytes} bytes; the chunk starts at ${start}.`, 'Content-Range');
  let position = start;
  for await (const chunk of content) {
    const fresh = chunk.subarray(Math.max(0, held.bytes - position));
    position += chunk.length;
    if (range?.end !== null && range?.end !== undefined && position > range.end)
      throw invalid('The body is longer than its Content-Range.', 'Content-Range');
    if (fresh.length > 0) held.add(fresh);
  }
}
