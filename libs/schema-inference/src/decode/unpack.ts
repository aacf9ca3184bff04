import { gunzipSync } from 'node:zlib';
import { rejected, type Rejected } from './rejection.js';

/** Bytes that a message may have once it is unpacked. Pub/Sub itself takes 10 MB. */
export const MAX_UNPACKED_BYTES = 20_000_000;

/**
 * Returns the bytes of the event: unpacked if the attribute `content-encoding` is `gzip`, without a byte order mark.
 *
 * Outcomes: `NOT_DECOMPRESSIBLE` for data that is not gzip to its last byte (several members are allowed), `TOO_LARGE` beyond
 * 20,000,000 bytes, without unpacking the rest.
 * Source: RFC 1952, read 2026-11-29.
 */
export function unpackData(
  data: Uint8Array,
  attributes: Readonly<Record<string, string>>,
): Buffer | Rejected {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const unpacked = isGzip(attributes) ? gunzip(bytes) : bytes;
  if (!Buffer.isBuffer(unpacked)) return unpacked;
  if (unpacked.length > MAX_UNPACKED_BYTES) return tooLarge();
  return hasByteOrderMark(unpacked) ? unpacked.subarray(3) : unpacked;
}

/** Returns true if the attribute `content-encoding` of a message is `gzip`, in any case. */
export function isGzip(attributes: Readonly<Record<string, string>>): boolean {
  const encoding = Object.hasOwn(attributes, 'content-encoding') ? attributes['content-encoding'] : undefined;
  return encoding?.toLowerCase() === 'gzip';
}

function gunzip(bytes: Buffer): Buffer | Rejected {
  try {
    const { buffer, engine } = inflate(bytes);
    // zlib stops at zeros after the last member as if they were padding.
    if (engine.bytesWritten === bytes.length) return buffer;
    return notGzip(`${bytes.length - engine.bytesWritten} bytes follow the gzip data`);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    if (code === 'Z_BUF_ERROR') return notGzip('the gzip data is cut off');
    return notGzip('the data is not gzip, or its checksum is wrong');
  }
}

/** With `info`, zlib also returns its engine, which counts the bytes consumed; the types do not know the option. */
function inflate(bytes: Buffer): {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
} {
  const options = { maxOutputLength: MAX_UNPACKED_BYTES, info: true };
  return gunzipSync(bytes, options) as unknown as ReturnType<typeof inflate>;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function notGzip(problem: string): Rejected {
  return rejected('NOT_DECOMPRESSIBLE', `content-encoding is gzip, but ${problem}`);
}

function tooLarge(): Rejected {
  return rejected('TOO_LARGE', `the data has more than ${MAX_UNPACKED_BYTES} bytes, unpacked`);
}
