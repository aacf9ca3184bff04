import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
  /** Interval between checks of a body's rate. */
  readonly windowMs?: number;
  /** True if a route reads its body itself; by its options unless given. */
  readonly isStreamed?: (request: FastifyRequest) => boolean;
}

/**
 * Passes every body, whatever its content type, to the controller: as one `Buffer`, or as a stream for routes with
 * `config.body: 'stream'`.
 *
 * Limits of a buffered body: `limitBytes` (413 beyond), and 1 MB/s in every window of 5 s until it is complete (408 and
 * the end of the connection below).
 */
export function readBodies(fastify: FastifyInstance, options: BodyOptions): void {
  const { windowMs = WINDOW_MS, isStreamed: isStreamedRoute = isStreamed, limitBytes, inFlight } = options;
  const limits = { limitBytes, inFlight, windowMs, isStreamed: isStreamedRoute };
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
  readonly isStreamed: (request: FastifyRequest) => boolean;
}

function addParser(fastify: FastifyInstance, type: string, limits: BodyLimits): void {
  const { limitBytes, inFlight, windowMs } = limits;
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
    const refusalOf = (bytes: number, total: number): RequestFailure | null => {
      if (total > limitBytes) return tooLarge(limitBytes);
      return inFlight === undefined ? null : countPiece(inFlight, request, bytes);
    };
    collect(payload, { windowMs, refusalOf }, done);
  });
}

interface CollectOptions {
  readonly windowMs: number;
  /** The refusal of a piece that arrived, with the length so far; null if it is accepted. */
  readonly refusalOf: (bytes: number, total: number) => RequestFailure | null;
}

function collect(payload: Readable, { windowMs, refusalOf }: CollectOptions, done: Done): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let lengthBefore = 0;
  const minBytes = (windowMs / 1000) * MIN_BYTES_PER_SECOND;
  const finish: Done = (error, body) => {
    clearTimeout(timer);
    payload.off('data', onData).off('end', onEnd).off('error', onError);
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    const refusal = refusalOf(chunk.length, length);
    if (refusal !== null) {
      finish(refusal);
    }
  };
  const onEnd = (): void => {
    finish(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
  };
  const onError = (cause: Error): void => {
    finish(incomplete(cause));
  };
  const checkRate = (): void => {
    if (length - lengthBefore < minBytes) {
      finish(tooSlow(length - lengthBefore, windowMs));
      return;
    }
    lengthBefore = length;
    timer = setTimeout(checkRate, windowMs);
  };
  let timer = setTimeout(checkRate, windowMs);
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
