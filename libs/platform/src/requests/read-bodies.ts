import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { InFlight } from './in-flight.js';
import { countPiece, isStreamed } from './limit-in-flight.js';
import { RequestFailure } from './request-failure.js';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * The largest message is on its way for a second or two. Who takes longer holds memory that was set aside for the body,
 * and others are sent away meanwhile.
 */
const BODY_TIMEOUT_MS = 15_000;

export interface BodyOptions {
  readonly limitBytes: number;
  readonly inFlight?: InFlight | undefined;
  readonly timeoutMs?: number;
  /** Whether a route reads its body itself; by its options unless given. */
  readonly isStreamed?: (request: FastifyRequest) => boolean;
}

/**
 * Hand every body, whatever its content type, to the controller: as one `Buffer` of at most `limitBytes` (413 beyond)
 * that comes within `timeoutMs` (408 and the end of the connection after it), or for routes with
 * `config.body: 'stream'` as the stream it comes in.
 */
export function readBodies(fastify: FastifyInstance, options: BodyOptions): void {
  const {
    limitBytes,
    inFlight,
    timeoutMs = BODY_TIMEOUT_MS,
    isStreamed: isStreamedRoute = isStreamed,
  } = options;
  const watch = new BodyWatch(timeoutMs);
  fastify.addHook('onClose', (_instance, done) => {
    watch.stop();
    done();
  });
  fastify.removeAllContentTypeParsers();
  // The common type by name: Fastify looks a named one up, and parses the header each time for the rest.
  for (const type of ['application/json', '*']) {
    addParser(fastify, type, { limitBytes, inFlight, watch, isStreamed: isStreamedRoute });
  }
}

interface BodyLimits {
  readonly limitBytes: number;
  readonly inFlight: InFlight | undefined;
  readonly isStreamed: (request: FastifyRequest) => boolean;
  readonly watch: BodyWatch;
}

function addParser(fastify: FastifyInstance, type: string, limits: BodyLimits): void {
  const { limitBytes, inFlight } = limits;
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
    // A body that told its length was counted when it was let in.
    const countOf = (bytes: number): RequestFailure | null =>
      inFlight === undefined || length !== undefined ? null : countPiece(inFlight, request, bytes);
    collect(payload, { ...limits, countOf }, done);
  });
}

/** How often in its time a body is looked at: it is given up at most this part of the time late. */
const LOOKS = 4;

/** A body that is being read, in the list of those that are. */
interface Begun {
  readonly giveUp: () => void;
  look: number;
  before: Begun | null;
  after: Begun | null;
}

/**
 * Gives up bodies that take too long. One timer for all, and a list that an entry leaves by itself: a timer or a place in
 * a map for each would cost more than reading most bodies does.
 */
class BodyWatch {
  readonly #timer: NodeJS.Timeout;
  #look = 0;
  /** In the order in which they have begun. */
  #first: Begun | null = null;
  #last: Begun | null = null;

  constructor(readonly timeoutMs: number) {
    this.#timer = setInterval(() => {
      this.#giveUpSlow();
    }, timeoutMs / LOOKS).unref();
  }

  begun(giveUp: () => void): Begun {
    const begun = { giveUp, look: this.#look, before: this.#last, after: null };
    if (this.#last === null) this.#first = begun;
    else this.#last.after = begun;
    this.#last = begun;
    return begun;
  }

  ended({ before, after }: Begun): void {
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #giveUpSlow(): void {
    this.#look += 1;
    while (this.#first !== null && this.#look - this.#first.look > LOOKS) this.#first.giveUp();
  }
}

interface Collecting extends BodyLimits {
  /** @returns why there is no room for a piece, or null */
  readonly countOf: (bytes: number) => RequestFailure | null;
}

function collect(payload: Readable, { limitBytes, watch, countOf }: Collecting, done: Done): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish: Done = (error, body) => {
    watch.ended(begun);
    payload.off('data', onData).off('end', onEnd).off('error', onError);
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    const refusal = length > limitBytes ? tooLarge(limitBytes) : countOf(chunk.length);
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
  const begun = watch.begun(() => {
    finish(tooSlow(watch.timeoutMs));
  });
  payload.on('data', onData).on('end', onEnd).on('error', onError);
}

function tooSlow(timeoutMs: number): RequestFailure {
  return new RequestFailure({
    status: 408,
    code: 'BODY_TOO_SLOW',
    message: `The body did not come within ${timeoutMs} ms`,
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
    message: 'The connection ended before the body did',
    cause,
  });
}
