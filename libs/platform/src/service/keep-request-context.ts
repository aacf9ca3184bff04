import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SpanHandle, Tracer } from '../tracing/tracing.port.js';
import { requestContext, type RequestHeaders } from './request-context.js';

/** Probes and scrapes get no span: they would bury all others. */
const UNTRACED = /^\/(?:health|readiness|liveness|metrics)\b/;

/** Runs each request in its own context; with a tracer, in its own span. */
export function keepRequestContext(fastify: FastifyInstance, tracer: Tracer | null): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { headers } = request;
    if (tracer === null) {
      requestContext.run({ headers, span: null }, done);
      return;
    }
    const span = startSpan(tracer, request);
    reply.raw.once('close', () => {
      if (span !== null) {
        endWith(span, reply.statusCode, reply.raw.writableFinished);
      }
    });
    requestContext.run({ headers, span }, done);
  });
}

/** Runs work in the context of a request, so that its log lines and spans belong to that request. */
export function inRequest<T>(request: { readonly headers: RequestHeaders }, work: () => T): T {
  return requestContext.getStore() === undefined
    ? requestContext.run({ headers: request.headers, span: null }, work)
    : work();
}

function startSpan(tracer: Tracer, { url, method, headers }: FastifyRequest): SpanHandle | null {
  const path = url.split('?', 1)[0] ?? '';
  return UNTRACED.test(path) ? null : tracer.receive(`${method} ${path}`, headers);
}

function endWith(span: SpanHandle, status: number, isAnswered: boolean): void {
  const failure = status >= 500 ? `answered ${status}` : null;
  span.end(isAnswered ? failure : 'the caller closed the connection', {
    'http.response.status_code': status,
  });
}
