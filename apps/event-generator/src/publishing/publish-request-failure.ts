import { RequestFailure } from '@pipeline/platform';
import type { PublishError } from './publish.errors.js';

/** Setup and transient problems are 503; a message that Pub/Sub never accepts is an error of the request. */
export function toRequestFailure(
  failure: PublishError,
  result: Readonly<Record<string, unknown>>,
): RequestFailure {
  return new RequestFailure({
    status: failure.disposition === 'permanent' ? 400 : 503,
    code: failure.code,
    message: failure.message,
    details: { disposition: failure.disposition, ...result },
    cause: failure,
  });
}
