import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import { invalidArgument, PubsubError } from '../wire/status.js';

/** The largest request: 10 MB of messages in base64, with room for names; bytes, unpacked. */
const MAX_BODY_BYTES = 24 * 1024 * 1024;

const unzip = promisify(gunzip);

/**
 * Read a request's body as a JSON object; nothing at all is `{}`.
 *
 * Java's Google client sends gzip. Errors: INVALID_ARGUMENT for too much, another encoding, or no JSON object.
 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  const text = (await unpack(await readBytes(request), request.headers['content-encoding'])).toString('utf8');
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

/** Reads to the end in any case, so that the client gets to hear the answer. */
async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > MAX_BODY_BYTES) throw tooLarge();
  return Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  if (encoding !== 'gzip') throw invalidArgument(`Content-Encoding ${encoding} is not supported.`);
  try {
    return await unzip(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new PubsubError('INVALID_ARGUMENT', 'The request body is no valid gzip.', { cause });
  }
}

function tooLarge(): PubsubError {
  return invalidArgument(`Request payload size exceeds the limit: ${MAX_BODY_BYTES} bytes.`);
}
