import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PinoLogger } from 'nestjs-pino';
import { fastify, type FastifyInstance } from 'fastify';
import type { DestinationStream, Logger } from 'pino';
import { isErrorLike } from '../error-like.js';
import { createFrameworkLogger } from '../logging/framework-logger.js';
import { createLogger } from '../logging/create-logger.js';
import { LoggingModule } from '../logging/logging.module.js';
import { logAnswers } from '../logging/request-logging.js';
import type { IdTokenRules } from '../auth/id-token-verifier.js';
import { requireIdToken } from '../auth/require-id-token.js';
import { PlatformError } from '../platform.errors.js';
import { FailureFilter } from '../requests/failure.filter.js';
import type { InFlight } from '../requests/in-flight.js';
import { limitInFlight } from '../requests/limit-in-flight.js';
import { readBodies } from '../requests/read-bodies.js';
import { createRequestValidationPipe } from '../requests/request-validation.pipe.js';
import { refuseUnknown } from '../requests/strict-requests.js';
import type { ServiceSettings } from '../settings/service.settings.js';
import { startTracer } from '../tracing/start-tracer.js';
import type { Tracer } from '../tracing/tracing.port.js';
import { serveBareRoutes } from './bare-routes.js';
import { Drain } from './drain.js';
import { keepRequestContext } from './keep-request-context.js';
import { LandingController, SERVICE_DESCRIPTION, type ServiceDescription } from './landing.controller.js';

/** Options for serving a Nest module. */
export interface ServiceOptions {
  /** Name in log lines and on the landing page, for example `event-generator`. */
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly settings: Readonly<ServiceSettings>;
  /** Version and one or two sentences for the landing page at `GET /`; without it there is none. */
  readonly about?: { readonly version: string; readonly description: string };
  /** Largest request body in bytes; 1 MiB by default. Longer bodies are answered 413. */
  readonly bodyLimitBytes?: number;
  /**
   * `json` (default) parses `application/json` and refuses other content types with 415; `bytes` passes every body,
   * whatever its content type, to the controller as a `Buffer`, or as a stream if the route has the config
   * `{ body: 'stream' }`.
   */
  readonly bodies?: 'json' | 'bytes';
  /** Limit of body bytes in flight; 429 beyond. Without it there is no limit. */
  readonly inFlight?: InFlight;
  /** Tokens that callers need; without it every caller is accepted. Health checks need none. */
  readonly callers?: IdTokenRules;
  /** Receiver of spans and the version they carry; without it nothing is traced and no tracing library is loaded. */
  readonly tracing?: { readonly endpoint: string; readonly version: string };
  /** Routes that must cost no more than a handler of Fastify alone; their bodies come as with `bodies: 'bytes'`. */
  readonly bareRoutes?: (fastify: FastifyInstance) => void;
  /** Called before the app listens, for example to add OpenAPI. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
  /** Destination of log lines; standard output by default. */
  readonly logDestination?: DestinationStream;
}

/** A listening service. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly logger: Logger;
  /** `http://host:port` with the actual port; a wildcard host is shown as 127.0.0.1. */
  readonly url: string;
  /** Finishes the requests in flight, runs the shutdown hooks and stops listening. */
  stop(): Promise<void>;
}

const NEST_OPTIONS = { abortOnError: false, forceCloseConnections: false, return503OnClosing: true } as const;

const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Builds a Nest app on Fastify with the logging, validation and error answers of every service, and listens.
 *
 * A service on a loopback address refuses requests of web pages (`Origin`, `Host`). Nest runs `onModuleDestroy` before the
 * server stops accepting requests and `onApplicationShutdown` after the last one: close clients in the latter.
 * @throws PlatformError `PORT_IN_USE` naming the port and the variable, or `START_FAILED`.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { settings } = options;
  const { logLevel: level, projectId } = settings;
  const logger = createLogger({ service: options.name, level, projectId }, options.logDestination);
  const tracer =
    options.tracing === undefined ? null : await startTracer({ ...options.tracing, service: options.name });
  const drain = new Drain();
  const adapter = await createAdapter({ service: options, logger, tracer, drain });
  const app = await createApp(options, adapter, logger);
  try {
    await options.configure?.(app);
    await app.listen({ port: settings.port, host: settings.host });
  } catch (cause) {
    await app.close();
    throw toStartError(cause, settings);
  }
  const url = toUrl(app.getHttpServer().address(), settings);
  logger.info({ url }, 'listening');
  const stop = async (): Promise<void> => {
    drain.begin();
    await app.close();
    await tracer?.stop().catch((cause: unknown) => {
      logger.warn({ err: cause }, 'sending the last spans failed');
    });
  };
  return { app, logger, url, stop };
}

interface AdapterOptions {
  readonly service: ServiceOptions;
  readonly logger: Logger;
  readonly tracer: Tracer | null;
  readonly drain: Drain;
}

async function createAdapter(options: AdapterOptions): Promise<FastifyAdapter> {
  const { service, logger, tracer } = options;
  const { bodyLimitBytes: bodyLimit = DEFAULT_BODY_LIMIT_BYTES, callers, inFlight, settings } = service;
  const { serverFactory, routes } = await serveBareRoutes({ ...options, bodyLimitBytes: bodyLimit });
  // Fastify's own logger stays off: its child logger per request costs more than the lines, which are written here.
  const server: FastifyInstance = fastify({
    serverFactory: (listener) => serverFactory(listener),
    bodyLimit,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: (error, _request, reply) => {
      // Fastify types this reply by a route, although none matched.
      new FailureFilter(logger).answer(error, reply);
    },
  });
  const adapter = new FastifyAdapter(server);
  logAnswers(server, logger, settings.projectId);
  keepRequestContext(server, tracer);
  if (callers !== undefined) {
    requireIdToken(server, callers);
  }
  refuseUnknown(server, routes);
  if (inFlight !== undefined) {
    limitInFlight(server, inFlight);
  }
  if (service.bodies === 'bytes') {
    readBodies(server, { limitBytes: bodyLimit, inFlight });
  }
  return adapter;
}

async function createApp(
  options: ServiceOptions,
  adapter: FastifyAdapter,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const root = toRootModule(options, logger);
  const nestOptions = {
    ...NEST_OPTIONS,
    bodyParser: options.bodies !== 'bytes',
    logger: createFrameworkLogger(logger),
  };
  // Nest declares its options as a class but documents and takes a plain object.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, nestOptions).catch(
    (cause: unknown) => {
      throw PlatformError.from(cause);
    },
  );
  app.useGlobalPipes(createRequestValidationPipe());
  app.useGlobalFilters(new FailureFilter(await app.resolve(PinoLogger)));
  return app;
}

/** The app's module with logging, which every part of it uses, and the landing page. */
function toRootModule(options: ServiceOptions, logger: Logger): DynamicModule {
  return {
    module: RootModule,
    imports: [LoggingModule.forRoot({ logger }), options.module],
    ...(options.about === undefined ? {} : landingPage({ name: options.name, ...options.about })),
  };
}

function landingPage(description: ServiceDescription): Pick<DynamicModule, 'controllers' | 'providers'> {
  return {
    controllers: [LandingController],
    providers: [{ provide: SERVICE_DESCRIPTION, useValue: description }],
  };
}

@Module({})
class RootModule {}

function toStartError(cause: unknown, settings: Readonly<ServiceSettings>): PlatformError {
  if (isErrorLike(cause) && 'code' in cause && cause.code === 'EADDRINUSE') {
    return new PlatformError({
      code: 'PORT_IN_USE',
      message: `Port ${settings.port} on ${settings.host} is in use. Set PORT to a free port (0 takes any), or stop what listens there.`,
      cause,
    });
  }
  return PlatformError.from(cause);
}

function toUrl(address: AddressInfo | string | null, settings: Readonly<ServiceSettings>): string {
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  const isWildcard = settings.host === '0.0.0.0' || settings.host === '::';
  const host = isWildcard ? '127.0.0.1' : settings.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
