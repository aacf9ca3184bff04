import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestLog } from '../../ports.js';
import { BigqueryError } from '../rules/api-error.js';
import { readBody } from './request-body.js';
import { type ApiReply, findRoute, type Route } from './router.js';

/** What may happen to a request before its route is asked: a fault, a delay, a connection that breaks. */
export type Intercept = (routeId: string) => Promise<'proceed' | 'reset'>;

interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly log: RequestLog;
  readonly intercept: Intercept;
}

/** Serves the routes over HTTP/1.1 under `/bigquery/v2` and at the root; resolves once it listens. */
export async function startHttpServer(
  options: HttpOptions,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((message, response) => void serve(options, message, response));
  server.keepAliveTimeout = 60_000;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, options: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  options: HttpOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const url = new URL(message.url ?? '/', `http://${message.headers.host ?? 'localhost'}`);
  const method = message.method ?? 'GET';
  const log = (status: number | string): void => {
    const durationMs = performance.now() - startedAt;
    options.log({ service: 'bigquery', method, resource: url.pathname, status, durationMs });
  };
  try {
    const reply = await answer(options, message, url);
    if (reply === 'reset') {
      message.socket.resetAndDestroy();
      log('reset');
      return;
    }
    send(response, reply);
    log(reply.status ?? 200);
  } catch (error) {
    const failure = BigqueryError.from(error);
    send(response, { status: failure.httpStatus, body: failure.toBody() });
    log(failure.httpStatus);
  }
}

async function answer(options: HttpOptions, message: IncomingMessage, url: URL): Promise<ApiReply | 'reset'> {
  const method = message.headers['x-http-method-override'] ?? message.method ?? 'GET';
  const path = url.pathname.replace(/^\/bigquery\/v2(?=\/)/, '');
  const found = findRoute(options.routes, String(method), path);
  const { body, bytes } = await readBody(message);
  if (found === undefined) throw unknownRoute(options.routes, String(method), url.pathname, path);
  if ((await options.intercept(found.route.id)) === 'reset') return 'reset';
  return found.route.handle({
    method: String(method),
    params: found.params,
    query: url.searchParams,
    body,
    bodyBytes: bytes,
    ifMatch: message.headers['if-match'],
    origin: url.origin,
  });
}

const UNIMPLEMENTED =
  /\/(models|routines|rowAccessPolicies|testIamPermissions|jobs\/[^/]+\/delete)\b|:(get|set|test)Iam|^\/upload\//;

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

function send(response: ServerResponse, reply: ApiReply): void {
  const status = reply.status ?? 200;
  if (status === 204) {
    response.writeHead(204).end();
    return;
  }
  const text = JSON.stringify(reply.body ?? {});
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
