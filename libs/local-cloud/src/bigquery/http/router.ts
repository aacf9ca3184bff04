import { invalid } from '../rules/api-error.js';
import type { JsonObject } from '../rules/json.js';

/** A request as the routes see it: path variables decoded, body parsed. */
export interface ApiRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly bodyBytes: number;
  readonly ifMatch: string | undefined;
  readonly origin: string;
  /** Aborted when the client has left before its answer. */
  readonly clientGone: AbortSignal;
}

/** An answer: a JSON body, or nothing with 204 or if it is `empty`. */
export interface ApiReply {
  readonly status?: number;
  readonly body?: unknown;
  readonly empty?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** Name as Google's documents have it, for logs and faults: `tables.patch`. */
  readonly id: string;
  /** Template with `:name` variables. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly handle: (request: ApiRequest) => Promise<ApiReply> | ApiReply;
}

/** Makes a route from a path like `/projects/:projectId/datasets`. */
export function route(method: string, id: string, path: string, handle: Route['handle']): Route {
  const pattern = new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
  return { method, id, path, pattern, handle };
}

/** The first route for a method and path, its variables, or `undefined`; `HEAD` counts as `GET`. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {});
    return {
      route: candidate,
      params: Object.fromEntries(groups.map(([key, value]) => [key, decode(value)])),
    };
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(`The path is not valid percent encoding: ${segment}`);
  }
}
