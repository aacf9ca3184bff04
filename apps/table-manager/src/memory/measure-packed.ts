import { createGunzip, gunzipSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from '@pipeline/schema-inference';
import { countValues, type Size } from './size.js';

/**
 * Measures what gzip data unpacks to, at most 20,000,000 bytes, and keeps none of it.
 *
 * Data that unpacks to less than `smallBytes` is measured at once. The rest is unpacked piece by piece outside of the main
 * thread, so measuring a bomb takes 64 KiB. Data that is not gzip counts up to the byte at which unpacking it fails.
 */
export function measurePacked(data: Uint8Array, smallBytes: number): Size | Promise<Size> {
  try {
    const unpacked = gunzipSync(data, { maxOutputLength: smallBytes });
    return { bytes: unpacked.byteLength, values: countValues(unpacked) + 1 };
  } catch {
    return measureByPieces(data);
  }
}

async function measureByPieces(data: Uint8Array): Promise<Size> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  gunzip.end(data);
  let [bytes, values] = [0, 1];
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      bytes += piece.byteLength;
      values += countValues(piece);
      if (bytes > MAX_UNPACKED_BYTES) break;
    }
  } catch {
    // Decoding fails at the same byte and rejects the event.
  }
  return { bytes: Math.min(bytes, MAX_UNPACKED_BYTES), values };
}
