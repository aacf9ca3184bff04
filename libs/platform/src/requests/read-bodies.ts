import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { isStreamed } from './limit-in-flight.js';
import { RequestFailure } from './request-failure.js';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Hand every body, whatever its content type, to the controller: as one `Buffer` of at most `limitBytes` (413 beyond),
 * or for routes with `config.body: 'stream'` as the stream it comes in.
 */
export function readBodies(fastify: FastifyInstance, limitBytes: number): void {
  fastify.removeAllContentTypeParsers();
  // The common type by name: Fastify looks a named one up, and parses the header each time for the rest.
  for (const type of ['application/json', '*']) {
    addParser(fastify, type, limitBytes);
  }
}

function addParser(fastify: FastifyInstance, type: string, limitBytes: number): void {
  fastify.addContentTypeParser(type, (request, payload, done: Done) => {
    if (isStreamed(request)) {
      done(null, payload);
      return;
    }
    const length = request.headers['content-length'];
    if (length !== undefined && Number(length) > limitBytes) {
      done(tooLarge(limitBytes));
      return;
    }
    collect(payload, limitBytes, done);
  });
}

function collect(payload: Readable, limitBytes: number, done: Done): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish: Done = (error, body) => {
    payload.off('data', onData).off('end', onEnd).off('error', onError);
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > limitBytes) {
      finish(tooLarge(limitBytes));
    }
  };
  const onEnd = (): void => {
    finish(null, Buffer.concat(chunks, length));
  };
  const onError = (cause: Error): void => {
    finish(cause instanceof RequestFailure ? cause : incomplete(cause));
  };
  payload.on('data', onData).on('end', onEnd).on('error', onError);
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
