import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SpanHandle, Tracer } from '../tracing/tracing.port.js';
import { requestContext } from './request-context.js';

/** What probes and scrapes ask has no span: there would be nothing else to see. */
const UNTRACED = /^\/(?:health|readiness|liveness|metrics)\b/;

/** From here on everything that is done for a request knows whose it is; with a tracer, within a span of its own. */
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

/** Do a bare route's work so that whatever it does and writes is known to be of this request. */
export function inRequest<T>(request: Pick<FastifyRequest, 'headers'>, work: () => T): T {
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
  span.end(isAnswered ? failure : 'the caller went away', { 'http.response.status_code': status });
}
