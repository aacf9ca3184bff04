import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/read-body.js';
import { BigqueryError, invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, parseJson } from '../rules/json.js';

const LIMITS = {
  /** Source: cloud.google.com/bigquery/quotas (HTTP request size limit 10 MB), read 2026-11-22. */
  maxBytes: 10 * 1024 * 1024,
  tooLarge: (maxBytes: number): Error =>
    new BigqueryError({
      reason: 'invalid',
      httpStatus: 413,
      message: `Request payload size exceeds the limit: ${maxBytes} bytes.`,
    }),
  notGzip: (): Error => invalid('The request body is not gzip.'),
};

/** Reads a JSON object (gzip or plain); an empty body is `{}`. Errors: 413 beyond 10 MB, 400 if it is no object. */
export async function readJsonBody(
  message: IncomingMessage,
): Promise<{ readonly body: JsonObject; readonly bytes: number }> {
  const { bytes, sentBytes } = await readBody(message, LIMITS);
  return { body: parseObject(bytes.toString('utf8')), bytes: sentBytes };
}

/** Parses the text of a JSON object; an empty text is `{}`. Errors: 400. */
export function parseObject(text: string): JsonObject {
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
