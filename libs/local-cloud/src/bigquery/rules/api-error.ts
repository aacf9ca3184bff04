/** Reasons of BigQuery's error table that this server answers with. */
export type ErrorReason =
  | 'backendError'
  | 'bytesBilledLimitExceeded'
  | 'conditionNotMet'
  | 'duplicate'
  | 'internalError'
  | 'invalid'
  | 'invalidQuery'
  | 'notFound'
  | 'notImplemented'
  | 'quotaExceeded'
  | 'rateLimitExceeded'
  | 'required'
  | 'resourceInUse'
  | 'resourcesExceeded'
  | 'responseTooLarge'
  | 'stopped'
  | 'timeout';

const HTTP_STATUS: Record<ErrorReason, number> = {
  backendError: 503,
  bytesBilledLimitExceeded: 400,
  conditionNotMet: 412,
  duplicate: 409,
  internalError: 500,
  invalid: 400,
  invalidQuery: 400,
  notFound: 404,
  notImplemented: 501,
  quotaExceeded: 403,
  rateLimitExceeded: 403,
  required: 400,
  resourceInUse: 400,
  resourcesExceeded: 400,
  responseTooLarge: 403,
  stopped: 200,
  timeout: 400,
};

const RPC_STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** One entry of BigQuery's `errors` lists, in responses, jobs and insertAll alike. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
  readonly debugInfo?: string;
}

/**
 * A request that BigQuery would refuse.
 *
 * Shape: `toBody()` is Google's JSON error `{error: {code, message, errors: [{reason, domain, message}], status}}`.
 * Source: cloud.google.com/bigquery/docs/error-messages, read 2026-11-22.
 */
export class BigqueryError extends Error {
  override readonly name = 'BigqueryError';
  readonly reason: ErrorReason;
  readonly httpStatus: number;
  readonly location: string | undefined;

  constructor(options: {
    reason: ErrorReason;
    message: string;
    httpStatus?: number;
    location?: string;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.reason = options.reason;
    this.httpStatus = options.httpStatus ?? HTTP_STATUS[options.reason];
    this.location = options.location;
  }

  static from(error: unknown): BigqueryError {
    if (error instanceof BigqueryError) return error;
    return new BigqueryError({ reason: 'internalError', message: messageOf(error), cause: error });
  }

  toProto(): ErrorProto {
    return {
      reason: this.reason,
      ...(this.location === undefined ? {} : { location: this.location }),
      message: this.message,
    };
  }

  toBody(): Record<string, unknown> {
    const { reason, message, httpStatus, location } = this;
    const entry = { message, domain: 'global', reason, ...(location === undefined ? {} : { location }) };
    const status = RPC_STATUS[httpStatus] ?? 'UNKNOWN';
    return { error: { code: httpStatus, message, errors: [entry], status } };
  }
}

/** Text of anything thrown; errors of native modules may be of another realm, where `instanceof Error` is false. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** The beginning of each message of `resourcesExceeded`. */
export const RESOURCES_EXCEEDED = 'Resources exceeded during query execution:';

/** Shorthand for the commonest refusal: 400 `invalid`. */
export function invalid(message: string, location?: string): BigqueryError {
  return new BigqueryError({ reason: 'invalid', message, ...(location === undefined ? {} : { location }) });
}

/** Shorthand for 400 `invalidQuery`. */
export function invalidQuery(message: string, cause?: unknown): BigqueryError {
  return new BigqueryError({ reason: 'invalidQuery', message, location: 'query', cause });
}

/** Shorthand for 404 `notFound`, for example `Not found: Table p:d.t`. */
export function notFound(what: string): BigqueryError {
  return new BigqueryError({ reason: 'notFound', message: `Not found: ${what}` });
}
