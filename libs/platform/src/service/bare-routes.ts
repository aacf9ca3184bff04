import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { requireIdToken } from '../auth/require-id-token.js';
import { logAnswers } from '../logging/request-logging.js';
import { FailureFilter } from '../requests/failure.filter.js';
import { limitInFlight } from '../requests/limit-in-flight.js';
import { readBodies } from '../requests/read-bodies.js';
import type { Tracer } from '../tracing/tracing.port.js';
import type { Drain } from './drain.js';
import { inRequest, keepRequestContext } from './keep-request-context.js';
import type { ServiceOptions } from './start-service.js';

export interface BareRoutesOptions {
  readonly service: ServiceOptions;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
  readonly tracer: Tracer | null;
  readonly drain: Drain;
}

/**
 * Register the service's bare routes in a Fastify context of their own, before Nest has put its hooks and its middleware
 * engine onto the root: they cost as little as a handler of Fastify alone, and are guarded, limited, traced and answered
 * like all others. A good answer is logged at `debug` only; work that may write lines belongs into `inRequest`.
 */
export async function registerBareRoutes(
  fastify: FastifyInstance,
  options: BareRoutesOptions,
): Promise<void> {
  const { service, bodyLimitBytes, logger, tracer, drain } = options;
  const { bareRoutes, callers, inFlight, settings } = service;
  if (bareRoutes === undefined) {
    return;
  }
  await fastify.register((own, _options, done) => {
    const failures = new FailureFilter(logger);
    own.setErrorHandler((exception, request, reply) => {
      inRequest(request, () => {
        failures.answer(exception, reply);
        logger.warn({ status: reply.statusCode }, 'request refused');
      });
    });
    if (logger.isLevelEnabled('debug')) {
      logAnswers(own, logger, settings.projectId);
    }
    if (tracer !== null) {
      keepRequestContext(own, tracer);
    }
    if (callers !== undefined) {
      requireIdToken(own, callers);
    }
    if (inFlight !== undefined) {
      limitInFlight(own, inFlight);
    }
    readBodies(own, bodyLimitBytes, inFlight);
    drain.watch(own);
    bareRoutes(own);
    done();
  });
}
