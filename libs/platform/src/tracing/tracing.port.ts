import type { RequestHeaders } from '../service/request-context.js';

/** Values of a span's attributes; never a payload. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work that is being timed. */
export interface SpanHandle {
  /** 32 and 16 hexadecimal digits, as log lines name them. */
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** A span within this one. */
  start(name: string, attributes: SpanAttributes): SpanHandle;
  /** @param failure what it failed with; null for work that came to an end */
  end(failure: string | null, attributes?: SpanAttributes): void;
}

/** Where spans come from. Only there while tracing is on. */
export interface Tracer {
  /** The span of a whole request, within the caller's (`traceparent`, else `X-Cloud-Trace-Context`). */
  receive(name: string, headers: RequestHeaders): SpanHandle;
  /** Sends what is not sent yet, and ends. */
  stop(): Promise<void>;
}
