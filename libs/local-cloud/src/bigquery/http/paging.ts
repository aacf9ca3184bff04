import { invalid } from '../rules/api-error.js';

/** One page of a list and the token of the next, which is the position as text. */
export function page<T>(
  entries: readonly T[],
  request: {
    readonly maxResults?: string | number | null;
    readonly pageToken?: string | null;
    readonly startIndex?: string | null;
  },
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const start = position(request.pageToken ?? request.startIndex ?? '0');
  const size =
    request.maxResults === undefined || request.maxResults === null
      ? entries.length
      : Number(request.maxResults);
  if (!Number.isInteger(size) || size < 0)
    throw invalid(`Invalid value for maxResults: ${String(request.maxResults)}`, 'maxResults');
  const end = start + size;
  const items = entries.slice(start, end);
  return end < entries.length ? { items, nextPageToken: String(end) } : { items };
}

function position(token: string): number {
  if (token === '') return 0;
  if (!/^\d{1,15}$/.test(token)) throw invalid(`Invalid page token: ${token}`, 'pageToken');
  return Number(token);
}
