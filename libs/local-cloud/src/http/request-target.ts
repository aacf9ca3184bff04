/** Path and query of a request line; `path` is decoded if its percent encoding is valid. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Never throws: a malformed target keeps its text as the path, which matches no route. */
export function parseRequestTarget(target: string): RequestTarget {
  const url = URL.parse(`http://localhost${target.startsWith('/') ? target : `/${target}`}`);
  if (url === null) return { path: target, query: new URLSearchParams() };
  try {
    return { path: decodeURIComponent(url.pathname), query: url.searchParams };
  } catch {
    return { path: url.pathname, query: url.searchParams };
  }
}
