import { MalformedRequest } from './malformed-request.js';

const MAX_HEAD_BYTES = 64 * 1024;
/** Enough for the largest resource: a load job with the schema of 10,000 columns. */
const MAX_RESOURCE_BYTES = 10 * 1024 * 1024;

/** A multipart upload: the resource as text, then the content as a stream that has to be read to its end. */
export interface MultipartUpload {
  readonly resource: string;
  readonly contentType: string | undefined;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The `boundary` of a multipart content type. Throws {@link MalformedRequest}. */
export function parseBoundary(contentType: string | undefined): string {
  const match = /;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))/i.exec(contentType ?? '');
  const boundary = match?.[1] ?? match?.[2] ?? match?.[3];
  if (boundary === undefined) throw malformed('the content type names no boundary');
  return boundary;
}

/**
 * Read a `multipart/related` upload without holding its content. Lines may end in CRLF or, as some clients of Google
 * write them, in LF. Throws {@link MalformedRequest} for a body
 * that has not exactly two parts.
 * Source: RFC 2387; docs.cloud.google.com/storage/docs/uploading-objects (multipart), read 2026-11-22.
 */
export async function readMultipartUpload(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): Promise<MultipartUpload> {
  const reader = new DelimitedReader(body);
  const opening = await reader.readUntil(`--${boundary}`, MAX_HEAD_BYTES);
  if (opening.toString('latin1').trim() !== '') throw malformed('there is text before the first part');
  const padding = (await reader.readUntil('\n', MAX_HEAD_BYTES)).toString('latin1');
  const lineEnd = padding.endsWith('\r') ? '\r\n' : '\n';
  await reader.readHead(lineEnd);
  const resource = await reader.readUntil(`${lineEnd}--${boundary}`, MAX_RESOURCE_BYTES);
  await reader.readUntil('\n', MAX_HEAD_BYTES);
  const head = await reader.readHead(lineEnd);
  return {
    resource: resource.toString('utf8'),
    contentType: /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1],
    content: reader.streamUntil(`${lineEnd}--${boundary}--`),
  };
}

/** Takes a stream of bytes apart at delimiters, holding back only what could be the start of one. */
class DelimitedReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.source = body[Symbol.asyncIterator]();
  }

  async readUntil(delimiter: string, maxBytes: number): Promise<Buffer> {
    for (;;) {
      const at = this.held.indexOf(delimiter, 0, 'latin1');
      if (at >= 0) return this.take(at, delimiter.length);
      if (this.held.length > maxBytes) throw malformed(`a part's head or resource exceeds ${maxBytes} bytes`);
      if (!(await this.fill())) throw malformed('the body ends too early');
    }
  }

  /** The header lines of a part, up to the empty line. */
  async readHead(lineEnd: string): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = (await this.readUntil(lineEnd, MAX_HEAD_BYTES)).toString('latin1');
      if (line === '') return lines.join('\n');
      lines.push(line);
    }
  }

  async *streamUntil(delimiter: string): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const at = this.held.indexOf(delimiter, 0, 'latin1');
      if (at >= 0) {
        if (at > 0) yield this.take(at, delimiter.length);
        return;
      }
      const safe = this.held.length - delimiter.length + 1;
      if (safe > 0) yield this.take(safe, 0);
      if (!(await this.fill())) throw malformed('the closing boundary is missing');
    }
  }

  private take(length: number, skip: number): Buffer {
    const taken = this.held.subarray(0, length);
    this.held = this.held.subarray(length + skip);
    return taken;
  }

  private async fill(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done === true) return false;
    this.held = this.held.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.held, next.value]);
    return true;
  }
}

function malformed(why: string): MalformedRequest {
  return new MalformedRequest('body', `Malformed multipart body: ${why}.`);
}
