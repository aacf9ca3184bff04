import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/read-body.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import { invalidArgument, PubsubError } from '../wire/status.js';

const LIMITS = {
  /** 10 MB of messages in base64, with room for names; bytes, unpacked. */
  maxBytes: 24 * 1024 * 1024,
  tooLarge: (maxBytes: number): Error =>
    invalidArgument(`Request payload size exceeds the limit: ${maxBytes} bytes.`),
  notGzip: (cause: unknown): Error =>
    new PubsubError('INVALID_ARGUMENT', 'The request body is no valid gzip.', { cause }),
  otherEncoding: (encoding: string): Error =>
    invalidArgument(`Content-Encoding ${encoding} is not supported.`),
};

/** Reads a request body as a JSON object; an empty body is `{}`. Errors: INVALID_ARGUMENT. */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  const { bytes } = await readBody(request, LIMITS);
  const text = bytes.toString('utf8');
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new PubsubError('INVALID_ARGUMENT', 'Invalid JSON payload received.', { cause });
  }
  if (!isJsonObject(body)) {
    throw invalidArgument('Invalid JSON payload received. Root element must be a message.');
  }
  return body;
}
