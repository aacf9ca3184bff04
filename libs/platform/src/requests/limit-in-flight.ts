import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { InFlight } from './in-flight.js';
import { RequestFailure } from './request-failure.js';

const RETRY_AFTER_SECONDS = '1';

/** What requests hold whose body's length nobody told, until their answer is out. */
const grown = new WeakMap<object, number>();

/**
 * Answer 429 with `Retry-After` where the bodies under way leave no room for another, before any of it is read.
 *
 * A body without a length is counted as it comes. What is streamed (`config.body: 'stream'`) is not held, and not
 * counted.
 */
export function limitInFlight(
  fastify: FastifyInstance,
  inFlight: InFlight,
  isStreamedRoute: (request: FastifyRequest) => boolean = isStreamed,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (isStreamedRoute(request) || (bytes === 0 && request.headers['transfer-encoding'] === undefined)) {
      done();
      return;
    }
    if (!inFlight.enter(bytes)) {
      done(tooMuch(inFlight));
      return;
    }
    // It closes once: `once` would only cost.
    reply.raw.on('close', () => {
      inFlight.leave(bytes + (grown.get(request) ?? 0));
    });
    done();
  });
}

/** Count a piece of a body that told no length. @returns why there is no room for it, or null */
export function countPiece(
  inFlight: InFlight,
  request: FastifyRequest,
  bytes: number,
): RequestFailure | null {
  if (!inFlight.grow(bytes)) {
    return tooMuch(inFlight);
  }
  grown.set(request, (grown.get(request) ?? 0) + bytes);
  return null;
}

/** Whether the route reads its body itself, piece by piece. */
export function isStreamed(request: FastifyRequest): boolean {
  const config: object = request.routeOptions.config;
  return 'body' in config && config.body === 'stream';
}

function tooMuch(inFlight: InFlight): RequestFailure {
  return new RequestFailure({
    status: 429,
    code: 'TOO_MANY_BYTES_IN_FLIGHT',
    message: `Requests of ${inFlight.bytes} bytes are being worked on, and ${inFlight.maxBytes} is the limit: come again`,
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  });
}
