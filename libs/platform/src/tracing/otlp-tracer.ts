import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { readTrace } from '../logging/trace-context.js';
import type { RequestHeaders } from '../service/request-context.js';
import type { TracingOptions } from './start-tracer.js';
import type { SpanAttributes, SpanHandle, Tracer } from './tracing.port.js';

/**
 * Sends spans by OTLP over HTTP, in batches. Loaded only where tracing is on: see start-tracer.ts.
 *
 * A caller that is traced decides whether its requests are sampled; requests of others all are.
 * Source: OpenTelemetry protocol exporter and trace SDK specifications, read 2026-11-23.
 */
export class OtlpTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: OtelTracer;

  constructor({ endpoint, service, version }: TracingOptions) {
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    this.#tracer = this.#provider.getTracer(service, version);
  }

  receive(name: string, headers: RequestHeaders): SpanHandle {
    const parent = toParentContext(headers);
    return new OtlpSpan(this.#tracer, this.#tracer.startSpan(name, { kind: SpanKind.SERVER }, parent));
  }

  async stop(): Promise<void> {
    await this.#provider.shutdown();
  }
}

function toParentContext(headers: RequestHeaders): Context {
  const origin = readTrace(headers);
  if (origin === null || origin.spanId === '') {
    return ROOT_CONTEXT;
  }
  const traceFlags = origin.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: origin.traceId,
    spanId: origin.spanId,
    traceFlags,
    isRemote: true,
  });
}

class OtlpSpan implements SpanHandle {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;

  constructor(
    private readonly tracer: OtelTracer,
    private readonly span: Span,
  ) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  }

  start(name: string, attributes: SpanAttributes): SpanHandle {
    const parent = trace.setSpan(ROOT_CONTEXT, this.span);
    return new OtlpSpan(this.tracer, this.tracer.startSpan(name, { attributes: { ...attributes } }, parent));
  }

  end(failure: string | null, attributes: SpanAttributes = {}): void {
    this.span.setAttributes({ ...attributes });
    if (failure !== null) {
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    }
    this.span.end();
  }
}
