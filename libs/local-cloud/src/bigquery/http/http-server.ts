import { close, createHttpServer, type HttpExchange, listen, sendJson } from '../../http/http-server.js';
import type { RequestLog } from '../../ports.js';
import { BigqueryError } from '../rules/api-error.js';
import { readJsonBody } from './request-body.js';
import { type ApiReply, findRoute, type Route } from './router.js';
import { uploadProject, type UploadRoutes } from './upload-routes.js';

/** Runs before a route: may delay the request, throw a fault, or have its connection reset. */
export type Intercept = (routeId: string) => Promise<'proceed' | 'reset'>;

interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly uploads: UploadRoutes;
  readonly log: RequestLog;
  readonly intercept: Intercept;
  /** HTML of `GET /`. */
  readonly index?: (() => string) | undefined;
}

/** Serves the routes over HTTP/1.1 under `/bigquery/v2` and at the root; resolves once it listens. */
export async function startHttpServer(
  options: ServiceOptions,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createHttpServer({
    service: 'bigquery',
    host: options.host,
    log: options.log,
    index: options.index,
    server: { keepAliveTimeout: 60_000 },
    serve: (exchange) => serve(options, exchange),
  });
  return { port: await listen(server, options), stop: () => close(server) };
}

async function serve(options: ServiceOptions, exchange: HttpExchange): Promise<void> {
  const { message, response } = exchange;
  try {
    const reply = await answer(options, exchange);
    if (reply === 'reset') message.socket.resetAndDestroy();
    else if (reply.status === 204 || reply.empty === true)
      response.writeHead(reply.status ?? 200, reply.headers).end();
    else sendJson(response, reply.status ?? 200, reply.body ?? {});
  } catch (error) {
    const failure = BigqueryError.from(error);
    sendJson(response, failure.httpStatus, failure.toBody());
  }
}

async function answer(options: ServiceOptions, exchange: HttpExchange): Promise<ApiReply | 'reset'> {
  const { message, target } = exchange;
  const method = String(message.headers['x-http-method-override'] ?? message.method ?? 'GET');
  const url = new URL(message.url ?? '/', `http://${message.headers.host ?? 'localhost'}`);
  const projectId = uploadProject(url.pathname);
  if (projectId !== undefined) {
    if ((await options.intercept('jobs.insert')) === 'reset') return 'reset';
    return options.uploads.handle({ method, projectId, query: target.query, message, origin: url.origin });
  }
  const path = url.pathname.replace(/^\/bigquery\/v2(?=\/)/, '');
  const found = findRoute(options.routes, method, path);
  const { body, bytes } = await readJsonBody(message);
  if (found === undefined) throw unknownRoute(options.routes, method, url.pathname, path);
  if ((await options.intercept(found.route.id)) === 'reset') return 'reset';
  return found.route.handle({
    method,
    params: found.params,
    query: target.query,
    body,
    bodyBytes: bytes,
    ifMatch: message.headers['if-match'],
    origin: url.origin,
    clientGone: exchange.clientGone,
  });
}

const UNIMPLEMENTED =
  /\/(models|routines|rowAccessPolicies|testIamPermissions|jobs\/[^/]+\/delete)\b|:(get|set|test)Iam|^\/(resumable\/)?upload\//;

function unknownRoute(
  routes: readonly Route[],
  method: string,
  pathname: string,
  path: string,
): BigqueryError {
  const known = routes.some((candidate) => candidate.pattern.test(path));
  if (known || UNIMPLEMENTED.test(pathname))
    return new BigqueryError({
      reason: 'notImplemented',
      message: `${method} ${pathname} is not supported by this server.`,
    });
  return new BigqueryError({ reason: 'notFound', message: `Not found: URL ${pathname}` });
}
