import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { BigqueryError } from '../bigquery/rules/api-error.js';

const CODES: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.ALREADY_EXISTS,
  412: status.FAILED_PRECONDITION,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  501: status.UNIMPLEMENTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** A failure as the gRPC status that ends the call; quota and rate limits are RESOURCE_EXHAUSTED. */
export function toGrpcError(error: unknown): ServiceError {
  const failure = BigqueryError.from(error);
  const isQuota = failure.reason === 'quotaExceeded' || failure.reason === 'rateLimitExceeded';
  const code = isQuota ? status.RESOURCE_EXHAUSTED : (CODES[failure.httpStatus] ?? status.UNKNOWN);
  return Object.assign(new Error(failure.message), {
    code,
    details: failure.message,
    metadata: new Metadata(),
  });
}
