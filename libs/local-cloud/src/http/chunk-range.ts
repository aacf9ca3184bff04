import { MalformedRequest } from './malformed-request.js';

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

function invalidRange(header: string): MalformedRequest {
  return new MalformedRequest('header', `Failed to parse Content-Range header: ${header.slice(0, 100)}`);
}
