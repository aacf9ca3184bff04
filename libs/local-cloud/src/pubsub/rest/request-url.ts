/** What a request line asks for; `path` is decoded where it can be. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Never throws: what is no URL has the path as it came, which no route knows. */
export function parseRequestUrl(target: string): RequestTarget {
  const url = URL.parse(`http://localhost${target.startsWith('/') ? target : `/${target}`}`);
  if (url === null) return { path: target, query: new URLSearchParams() };
  try {
    return { path: decodeURIComponent(url.pathname), query: url.searchParams };
  } catch {
    return { path: url.pathname, query: url.searchParams };
  }
}
