import { RequestFailure } from '@pipeline/platform';
import type { PublishError } from './publish.errors.js';

/** An operator's or a passing problem is 503; a message that Pub/Sub will never take is the request's own fault. */
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
