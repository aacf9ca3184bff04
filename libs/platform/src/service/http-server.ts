import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { lingerAfterEarlyAnswers, rememberRequests } from './linger.js';

/**
 * Attributes of a message become headers in an unwrapped push. Pub/Sub allows 100 of them with keys of 256 and values of
 * 1,024 bytes. Source: Pub/Sub quotas and limits, read 2026-11-22.
 */
const MAX_HEADER_BYTES = 256 * 1024;
/** Longer than any proxy reuses an idle connection; Google's load balancers keep one for 600 s. */
const KEEP_ALIVE_MS = 620_000;
/** type/subtype and parameters, as strictly as Fastify reads them before it looks for a parser. */
const CONTENT_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;.*)?$/;
const UNKNOWN_TYPE = 'application/octet-stream';

/** Creates the HTTP server of a service. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, rememberRequests(listener));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  lingerAfterEarlyAnswers(server);
  return server;
}

/**
 * Replaces a content type that is none. Fastify answers such a request 415 before any parser runs, and Pub/Sub would
 * redeliver it for days: an attribute named `content-type` becomes the header of an unwrapped push.
 */
export function repairContentType({ headers }: IncomingMessage): void {
  const type = headers['content-type'];
  if (type !== undefined && !type.startsWith('application/json') && !CONTENT_TYPE.test(type)) {
    headers['content-type'] = UNKNOWN_TYPE;
  }
}
