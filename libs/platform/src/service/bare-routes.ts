import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { FailureFilter } from '../requests/failure.filter.js';
import { readBodies } from '../requests/read-bodies.js';
import { inRequest } from './keep-request-context.js';
import type { ServiceOptions } from './start-service.js';

export interface BareRoutesOptions {
  readonly service: ServiceOptions;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
}

/**
 * Register the service's bare routes in a Fastify context of their own, which knows nothing of Nest's router, pipes and
 * filters. The hooks of the root (who may call, bytes in flight, traces, log lines) are theirs too: Fastify hands hooks
 * that are added later down to contexts that are there.
 */
export async function registerBareRoutes(
  fastify: FastifyInstance,
  options: BareRoutesOptions,
): Promise<void> {
  const { service, bodyLimitBytes, logger } = options;
  const { bareRoutes, inFlight } = service;
  if (bareRoutes === undefined) {
    return;
  }
  await fastify.register((own, _options, done) => {
    const failures = new FailureFilter(logger);
    own.setErrorHandler((exception, request, reply) => {
      inRequest(request, () => {
        failures.answer(exception, reply);
      });
    });
    readBodies(own, bodyLimitBytes, inFlight);
    bareRoutes(own);
    done();
  });
}
