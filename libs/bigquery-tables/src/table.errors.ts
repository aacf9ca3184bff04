/**
 * What to do about a failure: `transient` is tried again and nothing is acknowledged, `setup` waits for a person to
 * grant or create something, `permanent` will never succeed with the same input.
 */
export type Disposition = 'transient' | 'setup' | 'permanent';

/**
 * Everything that can go wrong with a table, by cause.
 *
 * `ALREADY_EXISTS`, `STALE` and `TABLE_NOT_FOUND` are normal where several processes change one table; the ports turn
 * them into outcomes wherever the caller has something better to do than to fail.
 */
export type TableErrorCode =
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
  | 'TABLE_NOT_FOUND'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'
  | 'UNEXPECTED'
  | 'UNSUPPORTED';

/** One code, one disposition. `UNEXPECTED` is tried again, because giving up could lose an event. */
const DISPOSITIONS: Readonly<Record<TableErrorCode, Disposition>> = {
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
  TABLE_NOT_FOUND: 'transient',
  UNAUTHENTICATED: 'setup',
  UNAVAILABLE: 'transient',
  UNEXPECTED: 'transient',
  UNSUPPORTED: 'permanent',
};

/** A call about a table failed. The message is BigQuery's own where it gave one; it holds no row. */
export class TableError extends Error {
  readonly code: TableErrorCode;
  /** HTTP status where BigQuery answered at all. */
  readonly status: number | null;
  /** BigQuery's own word for it, for example `rateLimitExceeded`. */
  readonly reason: string | null;
  readonly tableId: string | null;

  constructor(options: {
    code: TableErrorCode;
    message: string;
    status?: number | null;
    reason?: string | null;
    tableId?: string | null;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'TableError';
    this.code = options.code;
    this.status = options.status ?? null;
    this.reason = options.reason ?? null;
    this.tableId = options.tableId ?? null;
  }

  get disposition(): Disposition {
    return DISPOSITIONS[this.code];
  }

  /** `TableError` stays itself; anything else is `UNEXPECTED` with its own message. */
  static from(cause: unknown): TableError {
    if (cause instanceof TableError) {
      return cause;
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    return new TableError({ code: 'UNEXPECTED', message, cause });
  }
}
