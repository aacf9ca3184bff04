import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { BigqueryError, invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, parseJson } from '../rules/json.js';

/** Bytes of a request body. Source: cloud.google.com/bigquery/quotas (HTTP request size limit 10 MB), read 2026-11-22. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Reads a request's JSON object (gzip or plain); an empty body is `{}`. Errors: 413 beyond 10 MB, 400 for no object. */
export async function readBody(
  message: IncomingMessage,
): Promise<{ readonly body: JsonObject; readonly bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read too: a client that is still writing would see a reset instead of the answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw tooLarge();
  const raw = Buffer.concat(chunks);
  const plain = message.headers['content-encoding'] === 'gzip' && raw.length > 0 ? unzip(raw) : raw;
  return { body: parseObject(plain.toString('utf8')), bytes };
}

function unzip(raw: Buffer): Buffer {
  try {
    return gunzipSync(raw, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw invalid('The request body is not gzip.');
  }
}

function parseObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new BigqueryError({
      reason: 'invalid',
      httpStatus: 400,
      message: 'Parse Error: the request body is not JSON.',
    });
  }
  if (!isJsonObject(value)) throw invalid('Invalid JSON payload received: the body is not an object.');
  return value;
}

function tooLarge(): BigqueryError {
  return new BigqueryError({
    reason: 'invalid',
    httpStatus: 413,
    message: `Request payload size exceeds the limit: ${MAX_BODY_BYTES} bytes.`,
  });
}
