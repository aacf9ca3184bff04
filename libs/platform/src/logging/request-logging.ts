import type { IncomingMessage } from 'node:http';
import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { readTraceFields } from './trace-context.js';

/** The Fastify options by which every line of a request carries the caller's trace, and nothing of its content. */
export function createRequestLogging(logger: Logger, projectId: string): RequestLogging {
  return {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (_logger, _bindings, _options, request: IncomingMessage) => {
      const trace = readTraceFields(request.headers, projectId);
      return 'logging.googleapis.com/trace' in trace ? logger.child(trace) : logger;
    },
  };
}

/** Part of Fastify's server options. */
export interface RequestLogging {
  readonly loggerInstance: Logger;
  readonly logController: LogController;
  readonly childLoggerFactory: (
    logger: unknown,
    bindings: unknown,
    options: unknown,
    request: IncomingMessage,
  ) => Logger;
}

/**
 * One line per answered request: method, path without query, status, duration.
 *
 * Cloud Run logs every request itself, so a good one is `debug` here; a refused one warns, a failed one is an error.
 */
export function logAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const status = reply.statusCode;
    const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'debug';
    request.log[level](
      {
        method: request.method,
        path: request.url.split('?', 1)[0],
        status,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request answered',
    );
    done();
  });
}
