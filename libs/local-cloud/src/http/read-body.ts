import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unzip = promisify(gunzip);

/** Limits of a request body and the errors of the API that reads it. */
export interface BodyLimits {
  /** Bytes, both as sent and unpacked. */
  readonly maxBytes: number;
  readonly tooLarge: (maxBytes: number) => Error;
  readonly notGzip: (cause: unknown) => Error;
  /** An encoding other than gzip; without it the body counts as plain. */
  readonly otherEncoding?: (encoding: string) => Error;
}

/**
 * Reads a request body, plain or gzip. Google's Java client sends gzip.
 *
 * A body over the limit is read to its end without being kept, because a client that is still writing would see a
 * connection reset instead of the error.
 *
 * Shape: `{bytes: Buffer (unpacked), sentBytes: 1234}`.
 */
export async function readBody(
  message: IncomingMessage,
  limits: BodyLimits,
): Promise<{ readonly bytes: Buffer; readonly sentBytes: number }> {
  const chunks: Buffer[] = [];
  let sentBytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    sentBytes += chunk.length;
    if (sentBytes <= limits.maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (sentBytes > limits.maxBytes) throw limits.tooLarge(limits.maxBytes);
  const sent = Buffer.concat(chunks);
  return { bytes: await unpack(sent, message.headers['content-encoding'], limits), sentBytes };
}

/**
 * Reads a request body of any size as it is. Not by `node:stream/consumers`, which makes a Blob of each body first.
 */
export function readWholeBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    message.on('error', reject);
  });
}

async function unpack(sent: Buffer, encoding: string | undefined, limits: BodyLimits): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return sent;
  if (encoding !== 'gzip') {
    if (limits.otherEncoding !== undefined) throw limits.otherEncoding(encoding);
    return sent;
  }
  if (sent.length === 0) return sent;
  try {
    return await unzip(sent, { maxOutputLength: limits.maxBytes });
  } catch (cause) {
    throw cause instanceof RangeError ? limits.tooLarge(limits.maxBytes) : limits.notGzip(cause);
  }
}
