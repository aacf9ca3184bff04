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
