import type { Tracer } from './tracing.port.js';

/** How spans are sent, and whose they are. */
export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly service: string;
  readonly version: string;
}

/** Loads the tracing libraries, which a service without tracing never does. */
export async function startTracer(options: TracingOptions): Promise<Tracer> {
  const { OtlpTracer } = await import('./otlp-tracer.js');
  return new OtlpTracer(options);
}
