import { StorageError } from './storage.errors.js';

/** Bytes `start` (inclusive) to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Read the `Range` header of a download of `size` bytes.
 *
 * Shape: `bytes=2-5` of 10 → `{start: 2, end: 6}`; `bytes=-3` → the last three. A header of another unit, of several
 * ranges or of no sense is ignored (null: the whole object). Refuses with 416 what lies outside.
 * Source: RFC 9110 §14; docs.cloud.google.com/storage/docs/xml-api/reference-headers#range, read 2026-11-22.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return null;
  if (first === '')
    return clip({ start: Math.max(0, size - Number(last)), end: Number(last) === 0 ? 0 : size }, size);
  if (last !== '' && Number(last) < Number(first)) return null;
  return clip({ start: Number(first), end: last === '' ? size : Math.min(size, Number(last) + 1) }, size);
}

function clip(range: ByteRange, size: number): ByteRange {
  if (range.start < range.end) return range;
  throw new StorageError('requestedRangeNotSatisfiable', 'Request range not satisfiable', {
    headers: { 'content-range': `bytes */${size}` },
  });
}

/**
 * Content-Range of one request of a resumable upload. `total` is null while the size is unknown (`*`); `end` is
 * null when the body runs to the end of the object.
 */
export type ChunkRange =
  | {
      readonly kind: 'bytes';
      readonly start: number;
      readonly end: number | null;
      readonly total: number | null;
    }
  | { readonly kind: 'status'; readonly total: number | null };

/**
 * Read the `Content-Range` header of a resumable upload; absent → null (the rest of the object in one request).
 *
 * Shape: `bytes 0-262143/*`, `bytes 0-9/10`, `bytes 0-*` + `/*`, status `bytes *` + `/10` or `/*`.
 * Source: docs.cloud.google.com/storage/docs/performing-resumable-uploads, read 2026-11-22.
 */
export function parseChunkRange(header: string | undefined): ChunkRange | null {
  if (header === undefined) return null;
  const match = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim());
  const total = match?.[3] === undefined || match[3] === '*' ? null : Number(match[3]);
  if (match?.[1] === undefined || match[2] === undefined) {
    if (match === null) throw invalidRange(header);
    return { kind: 'status', total };
  }
  const start = Number(match[1]);
  const end = match[2] === '*' ? null : Number(match[2]) + 1;
  if (end !== null && (end <= start || (total !== null && end > total))) throw invalidRange(header);
  return { kind: 'bytes', start, end, total };
}

function invalidRange(header: string): StorageError {
  return new StorageError('invalid', `Failed to parse Content-Range header: ${header.slice(0, 100)}`);
}
