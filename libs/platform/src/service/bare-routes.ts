import type { RequestListener, Server } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { requireIdToken } from '../auth/require-id-token.js';
import { logAnswers } from '../logging/request-logging.js';
import { FailureFilter } from '../requests/failure.filter.js';
import { limitInFlight } from '../requests/limit-in-flight.js';
import { readBodies } from '../requests/read-bodies.js';
import type { Tracer } from '../tracing/tracing.port.js';
import type { Drain } from './drain.js';
import { createHttpServer, repairContentType } from './http-server.js';
import { inRequest, keepRequestContext } from './keep-request-context.js';
import { guardLoopback, isLoopback } from './loopback-guard.js';
import type { ServiceOptions } from './start-service.js';

export interface BareRoutesOptions {
  readonly service: ServiceOptions;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
  readonly tracer: Tracer | null;
  readonly drain: Drain;
}

/** The bare routes of a service. */
export interface BareRoutes {
  /** Methods by path. */
  readonly routes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Creates the server, given the listener for everything else. */
  readonly serverFactory: (others: RequestListener) => Server;
}

/**
 * Serves bare routes in a Fastify of their own beside Nest's, behind one server: none of Nest's hooks runs for them, so
 * they cost as little as a handler of Fastify alone.
 *
 * They are guarded, limited, traced and answered like all others; successful answers are logged at `debug` only. Work
 * that writes log lines must run in `inRequest`.
 */
export async function serveBareRoutes(options: BareRoutesOptions): Promise<BareRoutes> {
  const { service, bodyLimitBytes, drain } = options;
  const guard = (listener: RequestListener): RequestListener =>
    drain.guard(isLoopback(service.settings.host) ? guardLoopback(listener) : listener);
  const routes = new Map<string, Set<string>>();
  if (service.bareRoutes === undefined) {
    return { routes, serverFactory: (others) => drain.watch(createHttpServer(guard(others))) };
  }
  const bare: FastifyInstance = fastify({ bodyLimit: bodyLimitBytes });
  bare.addHook('onRoute', ({ method, url }) => {
    const methods = routes.get(url) ?? new Set();
    for (const one of typeof method === 'string' ? [method] : method) methods.add(one);
    routes.set(url, methods);
  });
  addHooks(bare, options);
  service.bareRoutes(bare);
  await bare.ready();
  const listenerOf =
    (others: RequestListener): RequestListener =>
    (request, response) => {
      repairContentType(request);
      const { method = '', url = '' } = request;
      const query = url.indexOf('?');
      if (routes.get(query < 0 ? url : url.slice(0, query))?.has(method) === true) {
        bare.routing(request, response);
      } else {
        others(request, response);
      }
    };
  return { routes, serverFactory: (others) => drain.watch(createHttpServer(guard(listenerOf(others)))) };
}

/** No bare route streams its body; asking Fastify for a route's options costs as much as a hook. */
const IS_STREAMED = (): boolean => false;

function addHooks(
  bare: FastifyInstance,
  { service, logger, tracer, bodyLimitBytes }: BareRoutesOptions,
): void {
  const { callers, inFlight, settings } = service;
  const isDebug = logger.isLevelEnabled('debug');
  const failures = new FailureFilter(logger);
  bare.setErrorHandler((exception, request, reply) => {
    inRequest(request, () => {
      failures.answer(exception, reply);
      if (!isDebug) {
        const { method, url: path } = request;
        logger.warn({ method, path, status: reply.statusCode }, 'request answered');
      }
    });
  });
  if (isDebug) {
    logAnswers(bare, logger, settings.projectId);
  }
  if (tracer !== null) {
    keepRequestContext(bare, tracer);
  }
  if (callers !== undefined) {
    requireIdToken(bare, callers);
  }
  if (inFlight !== undefined) {
    limitInFlight(bare, inFlight, IS_STREAMED);
  }
  readBodies(bare, { limitBytes: bodyLimitBytes, inFlight, isStreamed: IS_STREAMED });
}
