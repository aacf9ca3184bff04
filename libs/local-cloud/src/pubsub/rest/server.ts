import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestLog } from '../../ports.js';
import type { Broker } from '../broker/broker.js';
import { HTTP_STATUS, PubsubError, unimplemented } from '../wire/status.js';
import { readJsonBody } from './request-body.js';
import { parseRequestUrl } from './request-url.js';
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

/** Where Google serves the keys of its OIDC tokens, and this server its own. */
const CERTS_PATH = '/oauth2/v3/certs';

/**
 * The REST side: v1 JSON, errors as `{error: {code, message, status}}`.
 *
 * `jwks`: what `GET /oauth2/v3/certs` answers, the keys that push tokens are signed with.
 */
export function createRestServer(broker: Broker, jwks: () => object, log: RequestLog): Server {
  return createServer({ keepAliveTimeout: 620_000 }, (request, response) => {
    const startedMs = performance.now();
    void answer(broker, jwks, request, response).then(({ answer: { status, body }, method, resource }) => {
      const text = JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json; charset=UTF-8',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
      log({ service: 'pubsub', method, resource, status, durationMs: performance.now() - startedMs });
    });
  });
}

async function answer(
  broker: Broker,
  jwks: () => object,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ answer: Answer; method: string; resource: string }> {
  const { path, query: parameters } = parseRequestUrl(request.url ?? '/');
  const verb = request.headers['x-http-method-override'] ?? request.method ?? '';
  let method = String(verb);
  try {
    const body = await readJsonBody(request);
    if (path === CERTS_PATH) return { answer: { status: 200, body: jwks() }, method, resource: path };
    const { route, params } = findRoute(method, path);
    method = route.rpc;
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const query = Object.fromEntries([...parameters].filter(([key]) => !SYSTEM_PARAMETERS.has(key)));
    const answered = await route.handle(broker, { params, query, body, callerGone: gone.signal });
    return { answer: { status: 200, body: answered }, method, resource: path };
  } catch (cause) {
    return { answer: errorAnswer(PubsubError.from(cause)), method, resource: path };
  }
}

function findRoute(verb: string, path: string): { route: Route; params: Readonly<Record<string, string>> } {
  for (const route of ROUTES) {
    const match = route.verb === verb ? route.path.exec(path) : null;
    if (match !== null) return { route, params: { ...match.groups } };
  }
  if (path.startsWith('/v1/')) throw unimplemented(`${verb} ${path} is not supported by the local Pub/Sub.`);
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
