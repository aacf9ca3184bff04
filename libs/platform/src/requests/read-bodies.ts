import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyRates } from './body-rates.js';
import type { InFlight } from './in-flight.js';
import { countPiece, isStreamed } from './limit-in-flight.js';
import { RequestFailure } from './request-failure.js';

type Done = (error: Error | null, body?: unknown) => void;

/** A slow body holds memory that others need. Pub/Sub and Eventarc send their largest message in a second or two. */
const WINDOW_MS = 5_000;
const MIN_BYTES_PER_SECOND = 1_000_000;

export interface BodyOptions {
  readonly limitBytes: number;
  readonly inFlight?: InFlight | undefined;
  /** Window in which a body must bring its share. */
  readonly windowMs?: number;
  /** True if a route reads its body itself; by its options unless given. */
  readonly isStreamed?: (request: FastifyRequest) => boolean;
}

/**
 * Passes every body, whatever its content type, to the controller: as one `Buffer`, or as a stream for routes with
 * `config.body: 'stream'`.
 *
 * Limits of a buffered body: `limitBytes` (413 beyond), and 1 MB/s in every window of 5 s until it is complete (408 and
 * the end of the connection below). Time in which this process was too busy to read does not count.
 */
export function readBodies(fastify: FastifyInstance, options: BodyOptions): void {
  const { windowMs = WINDOW_MS, isStreamed: isStreamedRoute = isStreamed, limitBytes, inFlight } = options;
  const rates = new BodyRates(windowMs, (windowMs / 1_000) * MIN_BYTES_PER_SECOND);
  const limits = { limitBytes, inFlight, windowMs, rates, isStreamed: isStreamedRoute };
  fastify.removeAllContentTypeParsers();
  // The common type by name: Fastify finds a named one in a map, and parses the header for the rest.
  for (const type of ['application/json', '*']) {
    addParser(fastify, type, limits);
  }
}

interface BodyLimits {
  readonly limitBytes: number;
  readonly inFlight: InFlight | undefined;
  readonly windowMs: number;
  readonly rates: BodyRates;
  readonly isStreamed: (request: FastifyRequest) => boolean;
}

function addParser(fastify: FastifyInstance, type: string, limits: BodyLimits): void {
  const { limitBytes } = limits;
  fastify.addContentTypeParser(type, (request, payload, done: Done) => {
    if (limits.isStreamed(request)) {
      done(null, payload);
      return;
    }
    const length = request.headers['content-length'];
    if (length !== undefined && Number(length) > limitBytes) {
      done(tooLarge(limitBytes));
      return;
    }
    collect(request, payload, limits, done);
  });
}

/** Collects the pieces of one body and calls `done` once, with the whole body or with the reason against it. */
function collect(request: FastifyRequest, payload: Readable, limits: BodyLimits, done: Done): void {
  const { limitBytes, inFlight, rates, windowMs } = limits;
  const pieces: Buffer[] = [];
  const body = {
    length: 0,
    onTooSlow: (bytes: number): void => {
      finish(tooSlow(bytes, windowMs));
    },
  };
  const finish: Done = (error, whole) => {
    rates.forget(watched);
    payload.off('data', onData).off('end', onEnd).off('error', onError);
    done(error, whole);
  };
  const onData = (piece: Buffer): void => {
    body.length += piece.length;
    pieces.push(piece);
    if (body.length > limitBytes) {
      finish(tooLarge(limitBytes));
      return;
    }
    const refusal = inFlight === undefined ? null : countPiece(inFlight, request, piece.length);
    if (refusal !== null) finish(refusal);
  };
  const onEnd = (): void => {
    finish(null, pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, body.length));
  };
  const onError = (cause: Error): void => {
    finish(incomplete(cause));
  };
  const watched = rates.watch(body);
  payload.on('data', onData).on('end', onEnd).on('error', onError);
}

function tooSlow(bytes: number, windowMs: number): RequestFailure {
  return new RequestFailure({
    status: 408,
    code: 'BODY_TOO_SLOW',
    message: `${bytes} bytes of the body arrived within ${windowMs} ms: send at least ${MIN_BYTES_PER_SECOND} bytes a second`,
    headers: { connection: 'close' },
  });
}

function tooLarge(limitBytes: number): RequestFailure {
  return new RequestFailure({
    status: 413,
    code: 'BODY_TOO_LARGE',
    message: `The body is longer than ${limitBytes} bytes`,
  });
}

function incomplete(cause: Error): RequestFailure {
  return new RequestFailure({
    status: 400,
    code: 'BODY_INCOMPLETE',
    message: 'The connection ended before the body was complete',
    cause,
  });
}
