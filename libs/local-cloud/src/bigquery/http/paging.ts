import { invalid } from '../rules/api-error.js';

/** Limit of a page beside the number of its entries. */
interface PageBytes<T> {
  readonly maxBytes: number;
  readonly weigh: (entry: T) => number;
}

/** One page of a list, of one entry at least, and the token of the next, which is the position as text. */
export function page<T>(
  entries: readonly T[],
  request: {
    readonly maxResults?: string | number | null;
    readonly pageToken?: string | null;
    readonly startIndex?: string | null;
  },
  bytes?: PageBytes<T>,
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const start = position(request.pageToken ?? request.startIndex ?? '0');
  const size =
    request.maxResults === undefined || request.maxResults === null
      ? entries.length
      : Number(request.maxResults);
  if (!Number.isInteger(size) || size < 0)
    throw invalid(`Invalid value for maxResults: ${String(request.maxResults)}`, 'maxResults');
  const end = bytes === undefined ? start + size : endOfBytes(entries, start, size, bytes);
  const items = entries.slice(start, end);
  return end < entries.length ? { items, nextPageToken: String(end) } : { items };
}

function endOfBytes<T>(
  entries: readonly T[],
  start: number,
  size: number,
  { maxBytes, weigh }: PageBytes<T>,
): number {
  const last = Math.min(start + size, entries.length);
  let left = maxBytes;
  for (let end = start; end < last; end += 1) {
    left -= weigh(entries[end] as T);
    if (left < 0) return Math.max(end, start + 1);
  }
  return start + size;
}

function position(token: string): number {
  if (token === '') return 0;
  if (!/^\d{1,15}$/.test(token)) throw invalid(`Invalid page token: ${token}`, 'pageToken');
  return Number(token);
}
