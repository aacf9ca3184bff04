import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { requestContext } from '../service/request-context.js';
import { readTraceFields, toTraceFields, type TraceFields } from './trace-context.js';

/** Returns the trace of the current request. Called per log line and not per request. */
export function currentTraceFields(projectId: string): TraceFields {
  const context = requestContext.getStore();
  if (context === undefined) {
    return {};
  }
  return context.span === null
    ? readTraceFields(context.headers, projectId)
    : toTraceFields(context.span, projectId);
}

/**
 * One line per answered request: method, path without query, status, duration.
 *
 * Cloud Run logs every request itself, so a success is `debug` here, a refusal a warning, a failure an error.
 */
export function logAnswers(fastify: FastifyInstance, logger: Logger, projectId: string): void {
  const isDebug = logger.isLevelEnabled('debug');
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const status = reply.statusCode;
    if (status >= 400 || isDebug) {
      const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'debug';
      // A response may end outside of its request's context; inside, the logger adds the trace itself.
      const isInContext = requestContext.getStore() !== undefined;
      const fields = {
        ...(isInContext ? {} : readTraceFields(request.headers, projectId)),
        method: request.method,
        path: request.url.split('?', 1)[0],
        status,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      };
      logger[level](fields, 'request answered');
    }
    done();
  });
}
