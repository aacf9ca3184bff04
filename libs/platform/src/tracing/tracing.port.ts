import type { RequestHeaders } from '../service/request-context.js';

/** Values of a span's attributes; never a payload. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** An open span. */
export interface SpanHandle {
  /** 32 and 16 hexadecimal digits, as log lines name them. */
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  /** A span within this one. */
  start(name: string, attributes: SpanAttributes): SpanHandle;
  /** @param failure message of the failure; null if the work succeeded */
  end(failure: string | null, attributes?: SpanAttributes): void;
}

/** Creates spans. Exists only while tracing is on. */
export interface Tracer {
  /** The span of a whole request, within the caller's (`traceparent`, else `X-Cloud-Trace-Context`). */
  receive(name: string, headers: RequestHeaders): SpanHandle;
  /** Sends the remaining spans and ends. */
  stop(): Promise<void>;
}
