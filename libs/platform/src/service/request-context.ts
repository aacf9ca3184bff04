import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import type { SpanHandle } from '../tracing/tracing.port.js';

/** What belongs to the request that is being worked on, wherever in the program that is. */
export interface RequestContext {
  readonly headers: IncomingHttpHeaders;
  /** The span that is open now, where requests are traced. */
  readonly span: SpanHandle | null;
}

/** Kept across every await of a request. Outside of requests there is none. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
