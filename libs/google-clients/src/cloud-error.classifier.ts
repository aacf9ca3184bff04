import { CloudError, dispositionOf, type CloudErrorCode, type CloudService } from './cloud.errors.js';

/** The parts of a failed call that decide; everything else in an SDK error is left behind. */
interface Failure {
  readonly status: number | null;
  readonly systemCode: string | null;
  readonly reason: string | null;
  readonly message: string;
}

/** The call that failed. */
export interface FailedCall {
  readonly service?: CloudService;
  readonly tableId?: string | null;
}

/** BigQuery's reasons that say more than the HTTP status. Source: BigQuery error messages, read 2026-11-22. */
const BY_REASON: Readonly<Record<string, CloudErrorCode>> = {
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

const BY_HTTP_STATUS: Readonly<Record<number, CloudErrorCode>> = {
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

/** gRPC status codes by name. Source: grpc.io status codes, read 2026-11-23. */
export const GRPC_STATUS = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  UNAVAILABLE: 14,
} as const;

/**
 * Missing statuses (UNKNOWN, FAILED_PRECONDITION, UNIMPLEMENTED …) are `UNEXPECTED` and retried: a server that cannot
 * serve the call says nothing about its input.
 */
const BY_GRPC_STATUS: Readonly<Record<number, CloudErrorCode>> = {
  1: 'UNAVAILABLE',
  3: 'INVALID',
  4: 'UNAVAILABLE',
  7: 'PERMISSION_DENIED',
  8: 'RATE_LIMITED',
  10: 'UNAVAILABLE',
  11: 'INVALID',
  13: 'UNAVAILABLE',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};
const LAST_GRPC_STATUS = 16;

/** The gRPC statuses that a client may retry by itself: ABORTED, RESOURCE_EXHAUSTED, UNAVAILABLE … */
export const TRANSIENT_GRPC_STATUSES: readonly number[] = Object.entries(BY_GRPC_STATUS)
  .filter(([, code]) => dispositionOf(code) === 'transient')
  .map(([status]) => Number(status));

const TOO_LARGE =
  /payload size exceeds|request (?:is )?too large|exceeds? .*\b(?:size|limit)|larger than max/i;

/**
 * Turns an error of an official client into a `CloudError`. The only place that knows the services' wordings.
 *
 * Shape: `{code: 403, errors: [{reason: 'rateLimitExceeded', message}]}` → `RATE_LIMITED`, transient;
 * `{code: 404, message: 'Not found: Dataset p:d'}` → `DATASET_NOT_FOUND`, setup; gRPC `{code: 8}` → `RATE_LIMITED`;
 * `{code: 'ECONNRESET'}` → `UNAVAILABLE`. Any unknown failure is `UNEXPECTED`, which is retried.
 * Source: BigQuery error table and quota pages, read 2026-11-22.
 */
export function classifyCloudError(cause: unknown, call: FailedCall = {}): CloudError {
  if (cause instanceof CloudError) {
    return cause;
  }
  const { service = 'BigQuery', tableId = null } = call;
  const failure = readFailure(cause, service);
  const { status, reason, message } = failure;
  const code = codeOf(failure, service);
  return new CloudError({ code, message, service, status, reason, tableId, cause: withoutPayload(cause) });
}

function codeOf(failure: Failure, service: CloudService): CloudErrorCode {
  const { status } = failure;
  if (status === null) {
    return codeWithoutAnswer(failure);
  }
  return status <= LAST_GRPC_STATUS
    ? codeOfGrpc(status, failure.message, service)
    : codeOfHttp(status, failure);
}

function codeOfHttp(status: number, { reason, message }: Failure): CloudErrorCode {
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
  return BY_HTTP_STATUS[status] ?? (status >= 500 ? 'UNAVAILABLE' : status >= 400 ? 'INVALID' : 'UNEXPECTED');
}

/** A missing dataset and a missing table have the same status and reason; only the words differ. */
function codeOfMissing(message: string): CloudErrorCode {
  if (/not found: dataset/i.test(message)) {
    return 'DATASET_NOT_FOUND';
  }
  return /not found: project/i.test(message) ? 'PROJECT_NOT_FOUND' : 'TABLE_NOT_FOUND';
}

function codeOfGrpc(status: number, message: string, service: CloudService): CloudErrorCode {
  if (status === GRPC_STATUS.NOT_FOUND) {
    if (service === 'Pub/Sub') return 'TOPIC_NOT_FOUND';
    const words = withoutResourceNames(message);
    if (/dataset/i.test(words)) return 'DATASET_NOT_FOUND';
    return /project/i.test(words) ? 'PROJECT_NOT_FOUND' : 'TABLE_NOT_FOUND';
  }
  if (status === GRPC_STATUS.PERMISSION_DENIED && /has not been used in project|is disabled/i.test(message))
    return 'API_DISABLED';
  if (status === GRPC_STATUS.INVALID_ARGUMENT && TOO_LARGE.test(message)) return 'REQUEST_TOO_LARGE';
  if (lacksCredentials(message)) return 'UNAUTHENTICATED';
  return BY_GRPC_STATUS[status] ?? 'UNEXPECTED';
}

/** Removes names such as `projects/p/datasets/d`, which hold the words "projects" and "datasets" in any case. */
function withoutResourceNames(message: string): string {
  return message.replace(/projects\/\S+/g, '');
}

/** The service did not answer: either there are no credentials, or the network failed. */
function codeWithoutAnswer({ systemCode, message }: Failure): CloudErrorCode {
  if (lacksCredentials(message)) {
    return 'UNAUTHENTICATED';
  }
  const isNetwork =
    systemCode !== null || /socket hang up|network timeout|premature close|fetch failed/i.test(message);
  return isNetwork ? 'UNAVAILABLE' : 'UNEXPECTED';
}

function lacksCredentials(message: string): boolean {
  return /default credentials|invalid_grant|invalid_client|keyfile/i.test(message);
}

function readFailure(cause: unknown, service: CloudService): Failure {
  const code = field(cause, 'code');
  const first = firstOf(field(cause, 'errors'));
  const reason = field(first, 'reason');
  return {
    status: typeof code === 'number' ? code : null,
    systemCode: typeof code === 'string' ? code : null,
    reason: typeof reason === 'string' ? reason : null,
    message: pickText(field(first, 'message'), field(cause, 'message'), cause) ?? `${service} gave no reason`,
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
