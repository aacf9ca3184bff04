import { createServer, type RequestListener, type Server } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
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

/** Makes a server of the listener for everything that is no bare route. */
export type ServerFactory = (others: RequestListener) => Server;

/**
 * The service's bare routes, in a Fastify of their own beside Nest's, behind one server: none of Nest's hooks runs for
 * them, so that they cost as little as a handler of Fastify alone. They are guarded, limited, traced and answered like
 * all others; a good answer is logged at `debug` only, and work that may write lines belongs into `inRequest`.
 */
export async function serveBareRoutes(options: BareRoutesOptions): Promise<ServerFactory> {
  const { service, bodyLimitBytes, drain } = options;
  if (service.bareRoutes === undefined) {
    return (others) => createServer(drain.guard(others));
  }
  const bare: FastifyInstance = fastify({ bodyLimit: bodyLimitBytes });
  const paths = new Map<string, Set<string>>();
  bare.addHook('onRoute', ({ method, url }) => {
    for (const one of typeof method === 'string' ? [method] : method)
      paths.set(one, (paths.get(one) ?? new Set()).add(url));
  });
  addHooks(bare, options);
  service.bareRoutes(bare);
  await bare.ready();
  return (others) =>
    createServer(
      drain.guard((request, response) => {
        const { method = '', url = '' } = request;
        const query = url.indexOf('?');
        if (paths.get(method)?.has(query < 0 ? url : url.slice(0, query)) === true) {
          bare.routing(request, response);
        } else {
          others(request, response);
        }
      }),
    );
}

/** No bare route reads its body piece by piece; asking Fastify for a route's options costs as much as a hook. */
const WHOLE = (): boolean => false;

function addHooks(
  bare: FastifyInstance,
  { service, logger, tracer, bodyLimitBytes }: BareRoutesOptions,
): void {
  const { callers, inFlight, settings } = service;
  const isTalkative = logger.isLevelEnabled('debug');
  const failures = new FailureFilter(logger);
  bare.setErrorHandler((exception, request, reply) => {
    inRequest(request, () => {
      failures.answer(exception, reply);
      if (!isTalkative) {
        const { method, url: path } = request;
        logger.warn({ method, path, status: reply.statusCode }, 'request answered');
      }
    });
  });
  if (isTalkative) {
    logAnswers(bare, logger, settings.projectId);
  }
  if (tracer !== null) {
    keepRequestContext(bare, tracer);
  }
  if (callers !== undefined) {
    requireIdToken(bare, callers);
  }
  if (inFlight !== undefined) {
    limitInFlight(bare, inFlight, WHOLE);
  }
  readBodies(bare, { limitBytes: bodyLimitBytes, inFlight, isStreamed: WHOLE });
}
