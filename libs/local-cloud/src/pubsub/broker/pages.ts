import { invalidArgument } from '../wire/status.js';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

/** One page of a list sorted by name; the token is the last name of the page before, in base64. */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  request: { readonly pageSize?: number; readonly pageToken?: string },
): Page<T> {
  const size = request.pageSize ?? 0;
  if (size < 0) throw invalidArgument(`Invalid page size: ${size}.`);
  const after = Buffer.from(request.pageToken ?? '', 'base64url').toString();
  const rest = items
    .filter((item) => nameOf(item) > after)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  const page = rest.slice(0, size === 0 ? 100 : Math.min(size, 1_000));
  const last = page.at(-1);
  if (page.length === rest.length || last === undefined) return { items: page };
  return { items: page, nextPageToken: Buffer.from(nameOf(last)).toString('base64url') };
}
