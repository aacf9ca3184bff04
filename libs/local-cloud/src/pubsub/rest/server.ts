import type { Server } from 'node:http';
import { createHttpServer, type HttpExchange, sendJson } from '../../http/http-server.js';
import type { RequestLog } from '../../ports.js';
import type { Broker } from '../broker/broker.js';
import { HTTP_STATUS, PubsubError, unimplemented } from '../wire/status.js';
import { readJsonBody } from './request-body.js';
import { ROUTES, type Route } from './routes.js';

/** Query parameters that every Google API has and that change nothing here. */
const SYSTEM_PARAMETERS = new Set([
  'alt',
  'prettyPrint',
  '$alt',
  'key',
  'access_token',
  'quotaUser',
  'fields',
]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Path of the keys of OIDC tokens at Google, and here. */
const CERTS_PATH = '/oauth2/v3/certs';

/** Methods of the service that this server lacks. Source: cloud.google.com/pubsub/docs/reference/rest, read 2026-11-22. */
const UNSUPPORTED =
  /^\/v1\/projects\/[^/]+\/(schemas\b|(topics|subscriptions|snapshots)\/[^/:]+:((get|set|test)Iam\w+|detach)$)/;

export interface RestServerOptions {
  readonly host: string;
  /** Answer of `GET /oauth2/v3/certs`: the keys that push tokens are signed with. */
  readonly jwks: () => object;
  /** HTML of `GET /`. */
  readonly index?: (() => string) | undefined;
  readonly log: RequestLog;
}

/** The REST side: v1 JSON, errors as `{error: {code, message, status}}`. */
export function createRestServer(broker: Broker, options: RestServerOptions): Server {
  const { host, jwks, log } = options;
  return createHttpServer({
    service: 'pubsub',
    host,
    log,
    index: options.index,
    server: { keepAliveTimeout: 620_000 },
    serve: async (exchange) => {
      const { status, body } = await answer(broker, jwks, exchange);
      sendJson(exchange.response, status, body);
    },
  });
}

async function answer(broker: Broker, jwks: () => object, exchange: HttpExchange): Promise<Answer> {
  const { message, target } = exchange;
  exchange.label = String(message.headers['x-http-method-override'] ?? message.method ?? '');
  try {
    const body = await readJsonBody(message);
    if (target.path === CERTS_PATH) return { status: 200, body: jwks() };
    const { route, params } = findRoute(exchange.label, target.path);
    exchange.label = route.rpc;
    const query = Object.fromEntries([...target.query].filter(([key]) => !SYSTEM_PARAMETERS.has(key)));
    const answered = await route.handle(broker, { params, query, body, callerGone: exchange.clientGone });
    return { status: 200, body: answered };
  } catch (cause) {
    return errorAnswer(PubsubError.from(cause));
  }
}

function findRoute(verb: string, path: string): { route: Route; params: Readonly<Record<string, string>> } {
  for (const route of ROUTES) {
    const match = route.verb === verb ? route.path.exec(path) : null;
    if (match !== null) return { route, params: { ...match.groups } };
  }
  if (UNSUPPORTED.test(path)) throw unimplemented(`${verb} ${path} is not supported by the local Pub/Sub.`);
  throw new PubsubError('NOT_FOUND', `The requested URL ${path} was not found on this server.`);
}

function errorAnswer(error: PubsubError): Answer {
  const code = HTTP_STATUS[error.status];
  const details =
    error.ackFailures === undefined
      ? {}
      : {
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'INVALID_ACK_ID',
              domain: 'pubsub.googleapis.com',
              metadata: error.ackFailures,
            },
          ],
        };
  return {
    status: code,
    body: { error: { code, message: error.message, status: error.status, ...details } },
  };
}
