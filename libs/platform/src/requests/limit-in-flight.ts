import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/require-id-token.js';
import type { HeldBody, InFlight } from './in-flight.js';
import { RequestFailure } from './request-failure.js';

const RETRY_AFTER_SECONDS = '1';
const HELD_BODY = Symbol('HELD_BODY');

interface Counted {
  [HELD_BODY]?: HeldBody | null;
}

/**
 * Answers 429 with `Retry-After` if the bodies in flight leave no room for another, before any of it is read if its
 * length was announced, else as it arrives.
 *
 * Streamed bodies (`config.body: 'stream'`) are not held in memory and not counted.
 */
export function limitInFlight(
  fastify: FastifyInstance,
  inFlight: InFlight,
  isStreamedRoute: (request: FastifyRequest) => boolean = isStreamed,
): void {
  fastify.decorateRequest(HELD_BODY, null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const announcedBytes = Number(request.headers['content-length'] ?? 0);
    const hasBody = announcedBytes > 0 || request.headers['transfer-encoding'] !== undefined;
    if (!hasBody || isStreamedRoute(request)) {
      done();
      return;
    }
    const held = inFlight.enter(announcedBytes, callerOf(request));
    if (held === null) {
      done(tooMuch(inFlight));
      return;
    }
    (request as Counted)[HELD_BODY] = held;
    // Emitted once; `once` would only add its cost.
    reply.raw.on('close', () => {
      held.leave();
    });
    done();
  });
}

/** Counts a piece of a body. @returns the refusal if there is no room for it, or null */
export function countPiece(
  inFlight: InFlight,
  request: FastifyRequest,
  bytes: number,
): RequestFailure | null {
  return (request as Counted)[HELD_BODY]?.add(bytes) === false ? tooMuch(inFlight) : null;
}

/** True if the route reads its body as a stream. */
export function isStreamed(request: FastifyRequest): boolean {
  const config: object = request.routeOptions.config;
  return 'body' in config && config.body === 'stream';
}

function tooMuch({ bytes, maxBytes }: InFlight): RequestFailure {
  return new RequestFailure({
    status: 429,
    code: 'TOO_MANY_BYTES_IN_FLIGHT',
    message: `Too many request bytes in flight (${bytes} of ${maxBytes}); retry after ${RETRY_AFTER_SECONDS} s`,
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  });
}
