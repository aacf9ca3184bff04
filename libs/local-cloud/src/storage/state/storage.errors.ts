import { MalformedRequest } from '../../http/malformed-request.js';

/** Reasons of the JSON API that this emulator answers with. Source: docs.cloud.google.com/storage/docs/json_api/v1/status-codes, read 2026-11-22. */
export type StorageErrorReason =
  | 'invalid'
  | 'required'
  | 'parseError'
  | 'badRequest'
  | 'forbidden'
  | 'notFound'
  | 'uploadNotFound'
  | 'methodNotAllowed'
  | 'conflict'
  | 'conditionNotMet'
  | 'notModified'
  | 'requestedRangeNotSatisfiable'
  | 'clientClosedRequest'
  | 'backendError'
  | 'notImplemented';

const STATUS_BY_REASON: Readonly<Record<StorageErrorReason, number>> = {
  invalid: 400,
  required: 400,
  parseError: 400,
  badRequest: 400,
  forbidden: 403,
  notFound: 404,
  uploadNotFound: 404,
  methodNotAllowed: 405,
  conflict: 409,
  conditionNotMet: 412,
  notModified: 304,
  requestedRangeNotSatisfiable: 416,
  clientClosedRequest: 499,
  backendError: 503,
  notImplemented: 501,
};

/** A request that is refused; `status` follows from the reason, `headers` go out with it. */
export class StorageError extends Error {
  readonly reason: StorageErrorReason;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    reason: StorageErrorReason,
    message: string,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'StorageError';
    this.reason = reason;
    this.status = STATUS_BY_REASON[reason];
    this.headers = options.headers ?? {};
  }

  static from(failure: unknown): StorageError {
    if (failure instanceof StorageError) return failure;
    if (failure instanceof MalformedRequest)
      return new StorageError(failure.part === 'body' ? 'badRequest' : 'invalid', failure.message);
    const detail = failure instanceof Error ? failure.message : String(failure);
    return new StorageError('backendError', `The emulator failed: ${detail}`, { cause: failure });
  }
}

/** The JSON API's error body: `{error: {code, message, errors: [{message, domain, reason}]}}`. */
export function toErrorBody(error: StorageError): Readonly<Record<string, unknown>> {
  const location = error.reason === 'conditionNotMet' ? { locationType: 'header', location: 'If-Match' } : {};
  return {
    error: {
      code: error.status,
      message: error.message,
      errors: [{ message: error.message, domain: 'global', reason: error.reason, ...location }],
    },
  };
}

export function bucketNotFound(): StorageError {
  return new StorageError('notFound', 'The specified bucket does not exist.');
}

export function objectNotFound(bucket: string, name: string): StorageError {
  return new StorageError('notFound', `No such object: ${bucket}/${name}`);
}

export function notSupported(what: string): StorageError {
  return new StorageError('notImplemented', `This emulator does not support ${what}.`);
}
