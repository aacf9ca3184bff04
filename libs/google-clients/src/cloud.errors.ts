/**
 * The reaction to a failure: `transient` is retried and nothing is acknowledged, `setup` needs an operator to grant or
 * create something, `permanent` never succeeds with the same input.
 */
export type Disposition = 'transient' | 'setup' | 'permanent';

/** The service that failed, as messages name it. */
export type CloudService = 'BigQuery' | 'Pub/Sub';

/**
 * Every failure of a call to Google Cloud, by cause.
 *
 * `ALREADY_EXISTS`, `STALE` and `TABLE_NOT_FOUND` are normal when several processes change one table; the ports turn
 * them into outcomes where the caller can continue.
 */
export type CloudErrorCode =
  | 'ALREADY_EXISTS'
  | 'API_DISABLED'
  | 'BILLING_DISABLED'
  | 'CONTENDED'
  | 'DATASET_NOT_FOUND'
  | 'INVALID'
  | 'PERMISSION_DENIED'
  | 'PROJECT_NOT_FOUND'
  | 'QUOTA_EXCEEDED'
  | 'RATE_LIMITED'
  | 'REQUEST_TOO_LARGE'
  | 'STALE'
  | 'TABLE_LIMIT_REACHED'
  | 'TABLE_NOT_FOUND'
  | 'TABLE_UNUSABLE'
  | 'TOPIC_NOT_FOUND'
  | 'TYPE_AWAITS_APPROVAL'
  | 'TYPE_NOT_ALLOWED'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'
  | 'UNEXPECTED'
  | 'UNSUPPORTED';

/** One code, one disposition. `UNEXPECTED` is retried, because giving up could lose an event. */
const DISPOSITIONS: Readonly<Record<CloudErrorCode, Disposition>> = {
  ALREADY_EXISTS: 'transient',
  API_DISABLED: 'setup',
  BILLING_DISABLED: 'setup',
  CONTENDED: 'transient',
  DATASET_NOT_FOUND: 'setup',
  INVALID: 'permanent',
  PERMISSION_DENIED: 'setup',
  PROJECT_NOT_FOUND: 'setup',
  QUOTA_EXCEEDED: 'transient',
  RATE_LIMITED: 'transient',
  REQUEST_TOO_LARGE: 'permanent',
  STALE: 'transient',
  TABLE_LIMIT_REACHED: 'permanent',
  TABLE_NOT_FOUND: 'transient',
  TABLE_UNUSABLE: 'setup',
  TOPIC_NOT_FOUND: 'setup',
  TYPE_AWAITS_APPROVAL: 'permanent',
  TYPE_NOT_ALLOWED: 'permanent',
  UNAUTHENTICATED: 'setup',
  UNAVAILABLE: 'transient',
  UNEXPECTED: 'transient',
  UNSUPPORTED: 'permanent',
};

/** The disposition of every error with this code. */
export function dispositionOf(code: CloudErrorCode): Disposition {
  return DISPOSITIONS[code];
}

/** A call to Google Cloud failed. The message is the service's own if it gave one. */
export class CloudError extends Error {
  readonly code: CloudErrorCode;
  readonly service: CloudService;
  /** HTTP or gRPC status; null if the service did not answer. */
  readonly status: number | null;
  /** BigQuery's reason, for example `rateLimitExceeded`. */
  readonly reason: string | null;
  readonly tableId: string | null;

  constructor(options: {
    code: CloudErrorCode;
    message: string;
    service?: CloudService;
    status?: number | null;
    reason?: string | null;
    tableId?: string | null;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'CloudError';
    this.code = options.code;
    this.service = options.service ?? 'BigQuery';
    this.status = options.status ?? null;
    this.reason = options.reason ?? null;
    this.tableId = options.tableId ?? null;
  }

  get disposition(): Disposition {
    return DISPOSITIONS[this.code];
  }

  /** Returns a `CloudError` as it is; anything else becomes `UNEXPECTED` with its own message. */
  static from(cause: unknown): CloudError {
    if (cause instanceof CloudError) {
      return cause;
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    return new CloudError({ code: 'UNEXPECTED', message, cause });
  }
}
