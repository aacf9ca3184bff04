import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createHttpServer } from '../../http/http-server.js';
import type { RequestLog } from '../../ports.js';
import { StorageError } from '../state/storage.errors.js';
import { type StorageReply, decodeBody, parseTarget, toMethod } from './storage-exchange.js';
import { type StorageRouter, toErrorReply } from './storage-router.js';

/** The server: requests in, replies out, bodies streamed both ways. */
export function createStorageServer(
  router: StorageRouter,
  { host, log, index }: { readonly host: string; readonly log: RequestLog; readonly index?: () => string },
): Server {
  return createHttpServer({
    service: 'storage',
    host,
    log,
    index,
    // A large upload may take longer than Node's limit for a whole request.
    server: { requestTimeout: 0, keepAliveTimeout: 60_000 },
    serve: ({ message, response }) => answer(router, message, response),
  });
}

async function answer(
  router: StorageRouter,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const head = message.method === 'HEAD';
  const reply = await route(router, message, head);
  response.writeHead(reply.status, withLength(reply));
  if (typeof reply.body === 'string') response.end(head || reply.status === 304 ? '' : reply.body);
  else if (head) endHead(reply.body, response);
  else await pipeline(reply.body, response);
}

function route(router: StorageRouter, message: IncomingMessage, head: boolean): Promise<StorageReply> {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  try {
    return router.handle({
      ...parseTarget(message.url ?? '/'),
      method: head ? 'GET' : toMethod(message.method ?? 'GET', headers['x-http-method-override']),
      headers,
      body: decodeBody(message, headers['content-encoding']),
      baseUrl: `http://${headers['host'] ?? 'localhost'}`,
      interrupt: () => message.destroy(),
    });
  } catch (failure) {
    return Promise.resolve(toErrorReply(StorageError.from(failure), false));
  }
}

function endHead(content: Readable, response: ServerResponse): void {
  content.destroy();
  response.end();
}

function withLength(reply: StorageReply): Readonly<Record<string, string>> {
  if (typeof reply.body !== 'string' || reply.status === 204 || reply.status === 304) return reply.headers;
  return { ...reply.headers, 'content-length': String(Buffer.byteLength(reply.body)) };
}
