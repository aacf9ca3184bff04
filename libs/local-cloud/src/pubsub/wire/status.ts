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

/** gRPC code and HTTP status by name. Source: google/rpc/code.proto, read 2026-11-22. */
export const STATUS = {
  CANCELLED: { grpc: 1, http: 499 },
  INVALID_ARGUMENT: { grpc: 3, http: 400 },
  DEADLINE_EXCEEDED: { grpc: 4, http: 504 },
  NOT_FOUND: { grpc: 5, http: 404 },
  ALREADY_EXISTS: { grpc: 6, http: 409 },
  FAILED_PRECONDITION: { grpc: 9, http: 400 },
  UNIMPLEMENTED: { grpc: 12, http: 501 },
  INTERNAL: { grpc: 13, http: 500 },
  UNAVAILABLE: { grpc: 14, http: 503 },
} as const;

export type StatusName = keyof typeof STATUS;

export const invalidArgument = (message: string): PubsubError => new PubsubError('INVALID_ARGUMENT', message);
export const unimplemented = (message: string): PubsubError => new PubsubError('UNIMPLEMENTED', message);
export const failedPrecondition = (message: string): PubsubError =>
  new PubsubError('FAILED_PRECONDITION', message);
