import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanHandle } from '../tracing/tracing.port.js';

/** Headers of a request, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** State of the current request, available anywhere in the code that handles it. */
export interface RequestContext {
  readonly headers: RequestHeaders;
  /** The open span; null if requests are not traced. */
  readonly span: SpanHandle | null;
}

/** Survives every await of a request. Empty outside requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
