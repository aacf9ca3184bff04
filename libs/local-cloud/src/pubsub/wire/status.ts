/**
 * The error of an RPC, in gRPC's terms; both transports translate it.
 *
 * Source: https://cloud.google.com/pubsub/docs/reference/error-codes, read 2026-11-22.
 */
export class PubsubError extends Error {
  /** Extra facts per ack id, as exactly-once subscriptions report them (`PERMANENT_FAILURE_INVALID_ACK_ID`…). */
  readonly ackFailures: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly status: StatusName,
    message: string,
    options: { readonly ackFailures?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.ackFailures = options.ackFailures;
  }

  static from(error: unknown): PubsubError {
    if (error instanceof PubsubError) return error;
    return new PubsubError('INTERNAL', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

/** HTTP status by the name of the gRPC code. Source: google/rpc/code.proto, read 2026-11-22. */
export const HTTP_STATUS = {
  CANCELLED: 499,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

export type StatusName = keyof typeof HTTP_STATUS;

export const invalidArgument = (message: string): PubsubError => new PubsubError('INVALID_ARGUMENT', message);
export const unimplemented = (message: string): PubsubError => new PubsubError('UNIMPLEMENTED', message);
export const failedPrecondition = (message: string): PubsubError =>
  new PubsubError('FAILED_PRECONDITION', message);
