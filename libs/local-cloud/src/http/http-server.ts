import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream';
import type { RequestLog } from '../ports.js';
import { refuseOrigin } from './request-origin.js';
import { parseRequestTarget, type RequestTarget } from './request-target.js';

/** One request; `label` is what the log prints as its method and may be changed while it is served. */
export interface HttpExchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  /** Aborted when the client has left before its answer was complete. */
  readonly clientGone: AbortSignal;
  label: string;
}

export interface HttpServerOptions {
  readonly service: Parameters<RequestLog>[0]['service'];
  /** Name or address that the server listens on; requests to other names but loopback are refused. */
  readonly host: string;
  readonly log: RequestLog;
  /** Node's own options, in milliseconds. */
  readonly server: Pick<ServerOptions, 'keepAliveTimeout' | 'requestTimeout'>;
  /** HTML of `GET /`; without it, `serve` answers that too. */
  readonly index?: (() => string) | undefined;
  /** Answers the request. A rejection closes the connection. */
  readonly serve: (exchange: HttpExchange) => Promise<void>;
}

/** The HTTP shell of all emulators: refuses foreign web pages, logs one line per request. Does not listen yet. */
export function createHttpServer(options: HttpServerOptions): Server {
  return createServer(options.server, (message, response) => {
    const startedMs = performance.now();
    const gone = new AbortController();
    const exchange: HttpExchange = {
      message,
      response,
      target: parseRequestTarget(message.url ?? '/'),
      clientGone: gone.signal,
      label: message.method ?? '',
    };
    finished(response, (failure) => {
      if (failure !== undefined && failure !== null) gone.abort();
      options.log({
        service: options.service,
        method: exchange.label,
        resource: exchange.target.path,
        status: response.headersSent ? response.statusCode : 'aborted',
        durationMs: performance.now() - startedMs,
      });
    });
    const refusal = refuseOrigin(message.headers, options.host);
    if (refusal !== null) refuse(exchange, refusal);
    else if (options.index !== undefined && message.method === 'GET' && exchange.target.path === '/')
      sendPage(response, options.index());
    else
      options.serve(exchange).catch(() => {
        response.destroy();
      });
  });
}

/** A JSON answer with its length. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
  response.end(html);
}

function refuse({ message, response }: HttpExchange, reason: string): void {
  message.resume();
  sendJson(response, 403, {
    error: {
      code: 403,
      message: reason,
      status: 'PERMISSION_DENIED',
      errors: [{ domain: 'global', reason: 'forbidden', message: reason }],
    },
  });
}

/** Listens and returns the port (0 takes a free one). Errors: Node's own, such as `EADDRINUSE`. */
export function listen(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Closes the server and every connection, idle or not. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
