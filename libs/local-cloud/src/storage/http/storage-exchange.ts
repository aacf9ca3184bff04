import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { JsonObject } from '../../http/json-object.js';
import { parseJsonObject } from '../state/json.js';
import { StorageError } from '../state/storage.errors.js';

/** JSON bodies and batches are held in memory up to this size. */
const MAX_HELD_BODY_BYTES = 16 * 1024 * 1024;

/** A request as the routes see it: path segments decoded, header names lower case. */
export interface StorageRequest {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** `http://host:port` as the client reached it. */
  readonly baseUrl: string;
  /** End the body from this side. */
  readonly interrupt: () => void;
}

export interface StorageReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

export function replyJson(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): StorageReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function replyEmpty(status: number, headers: Readonly<Record<string, string>> = {}): StorageReply {
  return { status, headers, body: '' };
}

/** Split and decode a request target. Refuses broken percent encoding with `invalid`. */
export function parseTarget(target: string): {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
} {
  const withoutOrigin = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = withoutOrigin.indexOf('?');
  const rawPath = mark < 0 ? withoutOrigin : withoutOrigin.slice(0, mark);
  try {
    return {
      path: rawPath.replace(/^\//, '').split('/').map(decodeURIComponent),
      query: new URLSearchParams(mark < 0 ? '' : withoutOrigin.slice(mark + 1)),
    };
  } catch (cause) {
    throw new StorageError('invalid', 'The path is not valid percent encoding.', { cause });
  }
}

/** The method a client means: some HTTP stacks cannot send PATCH and name it in a header. */
export function toMethod(method: string, override: string | undefined): string {
  return method === 'POST' && override !== undefined ? override.toUpperCase() : method;
}

/** Undo the transfer compression that Google's Java client applies to request bodies. */
export function decodeBody(body: Readable, encoding: string | undefined): AsyncIterable<Uint8Array> {
  if (encoding?.toLowerCase() !== 'gzip') {
    return { [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) };
  }
  const decoded = createGunzip();
  // A failure reaches the reader of `decoded`; there is nothing more to do here.
  pipeline(body, decoded, () => undefined);
  return decoded;
}

export async function readText(request: StorageRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.length;
    if (bytes > MAX_HELD_BODY_BYTES) throw new StorageError('badRequest', 'The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export async function readJson(request: StorageRequest): Promise<JsonObject> {
  return parseJsonObject(await readText(request));
}
