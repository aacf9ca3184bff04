import type { Tracer } from './tracing.port.js';

/** Receiver of spans, and the service they belong to. */
export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly service: string;
  readonly version: string;
}

/** Loads the tracing libraries; a service without tracing never does. */
export async function startTracer(options: TracingOptions): Promise<Tracer> {
  const { OtlpTracer } = await import('./otlp-tracer.js');
  return new OtlpTracer(options);
}
