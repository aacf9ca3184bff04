import { HttpException } from '@nestjs/common';

/** One field of a request that broke a rule. */
export interface FieldProblem {
  /** Path in the request, for example `attributes.source` or `count`. */
  readonly field: string;
  /** Name of the class-validator rule, for example `isInt`. */
  readonly rule: string;
  /** The rule in words. */
  readonly message: string;
}

/**
 * The body of every answer that is not a success.
 *
 * Shape: `{error: {code: 'INVALID_REQUEST', message: 'count must be …', fields: [{field, rule, message}]}}`.
 */
export interface FailureBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fields?: readonly FieldProblem[];
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** Thrown by a controller to answer with a status and a {@link FailureBody}. Never contains a payload. */
export class RequestFailure extends HttpException {
  readonly body: FailureBody;
  /** Headers of the answer, for example `{'retry-after': '1'}`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: {
    status: number;
    code: string;
    message: string;
    fields?: readonly FieldProblem[];
    details?: Readonly<Record<string, unknown>>;
    headers?: Readonly<Record<string, string>>;
    cause?: unknown;
  }) {
    const { status, cause, headers = {}, ...error } = options;
    super({ error }, status, { cause });
    this.name = 'RequestFailure';
    this.message = options.message;
    this.body = { error };
    this.headers = headers;
  }
}
