import { TableError, type TableErrorCode } from './table.errors.js';

/** What of a failed call the rules look at; everything else in an SDK error is left behind. */
interface Failure {
  readonly status: number | null;
  readonly systemCode: string | null;
  readonly reason: string | null;
  readonly message: string;
}

/** BigQuery's reasons that say more than the HTTP status does. Source: BigQuery error messages, read 2026-11-22. */
const BY_REASON: Readonly<Record<string, TableErrorCode>> = {
  accessNotConfigured: 'API_DISABLED',
  backendError: 'UNAVAILABLE',
  billingNotEnabled: 'BILLING_DISABLED',
  conditionNotMet: 'STALE',
  duplicate: 'ALREADY_EXISTS',
  internalError: 'UNAVAILABLE',
  jobBackendError: 'UNAVAILABLE',
  jobInternalError: 'UNAVAILABLE',
  jobRateLimitExceeded: 'RATE_LIMITED',
  notImplemented: 'UNSUPPORTED',
  preconditionFailed: 'STALE',
  quotaExceeded: 'QUOTA_EXCEEDED',
  rateLimitExceeded: 'RATE_LIMITED',
  resourceInUse: 'UNAVAILABLE',
  tableUnavailable: 'UNAVAILABLE',
  timeout: 'UNAVAILABLE',
  userRateLimitExceeded: 'RATE_LIMITED',
};

const BY_STATUS: Readonly<Record<number, TableErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'TABLE_NOT_FOUND',
  408: 'UNAVAILABLE',
  409: 'ALREADY_EXISTS',
  412: 'STALE',
  413: 'REQUEST_TOO_LARGE',
  429: 'RATE_LIMITED',
  501: 'UNSUPPORTED',
};

/**
 * Turn whatever the official client threw into a coded error. The one place that knows BigQuery's wordings.
 *
 * Shape: `{code: 403, errors: [{reason: 'rateLimitExceeded', message}]}` → `RATE_LIMITED`, transient;
 * `{code: 404, message: 'Not found: Dataset p:d'}` → `DATASET_NOT_FOUND`, setup; `{code: 'ECONNRESET'}` →
 * `UNAVAILABLE`. What nobody foresaw is `UNEXPECTED` and tried again.
 * Source: BigQuery error table and quota pages, read 2026-11-22.
 */
export function classifyBigqueryError(cause: unknown, tableId: string | null = null): TableError {
  if (cause instanceof TableError) {
    return cause;
  }
  const failure = readFailure(cause);
  const { status, reason, message } = failure;
  return new TableError({
    code: codeOf(failure),
    message,
    status,
    reason,
    tableId,
    cause: withoutPayload(cause),
  });
}

function codeOf(failure: Failure): TableErrorCode {
  const { status, reason, message } = failure;
  if (status === null) {
    return codeWithoutAnswer(failure);
  }
  if (status === 404) {
    return codeOfMissing(message);
  }
  const byReason = reason === null ? undefined : BY_REASON[reason];
  if (byReason !== undefined) {
    return byReason;
  }
  if (status === 403 && /rate limit/i.test(message)) {
    return 'RATE_LIMITED';
  }
  if (status === 400 && /payload size exceeds|request too large/i.test(message)) {
    return 'REQUEST_TOO_LARGE';
  }
  return BY_STATUS[status] ?? (status >= 500 ? 'UNAVAILABLE' : status >= 400 ? 'INVALID' : 'UNEXPECTED');
}

/** A missing dataset and a missing table have one status and one reason; only the words differ. */
function codeOfMissing(message: string): TableErrorCode {
  if (/not found: dataset/i.test(message)) {
    return 'DATASET_NOT_FOUND';
  }
  return /not found: project/i.test(message) ? 'PROJECT_NOT_FOUND' : 'TABLE_NOT_FOUND';
}

/** No answer came: either no credentials could be had, or the network failed. */
function codeWithoutAnswer({ systemCode, message }: Failure): TableErrorCode {
  if (/default credentials|invalid_grant|invalid_client/i.test(message)) {
    return 'UNAUTHENTICATED';
  }
  const isNetwork =
    systemCode !== null || /socket hang up|network timeout|premature close|fetch failed/i.test(message);
  return isNetwork ? 'UNAVAILABLE' : 'UNEXPECTED';
}

function readFailure(cause: unknown): Failure {
  const code = field(cause, 'code');
  const first = firstOf(field(cause, 'errors'));
  const ownMessage = field(cause, 'message');
  const innerMessage = field(first, 'message');
  const reason = field(first, 'reason');
  return {
    status: typeof code === 'number' ? code : null,
    systemCode: typeof code === 'string' ? code : null,
    reason: typeof reason === 'string' ? reason : null,
    message: pickText(innerMessage, ownMessage) ?? 'BigQuery gave no reason',
  };
}

function pickText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === 'string' && candidate !== '',
  );
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as readonly unknown[])[0] : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** SDK errors carry the request with its rows and its token; only the stack is worth keeping. */
function withoutPayload(cause: unknown): unknown {
  if (!(cause instanceof Error)) {
    return undefined;
  }
  const bare = new Error(cause.message);
  bare.name = cause.name;
  if (cause.stack !== undefined) {
    bare.stack = cause.stack;
  }
  return bare;
}
