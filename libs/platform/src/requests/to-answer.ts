import { HttpException } from '@nestjs/common';
import { isErrorLike } from '../error-like.js';
import { RequestFailure, type FailureBody } from './request-failure.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
};

/** The answer to an exception. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: FailureBody | object;
  readonly headers: Readonly<Record<string, string>>;
  /** True if it is logged as an error: a failure of this service, and not a health answer. */
  readonly isFailure: boolean;
}

/** Turns an exception into an answer. Unexpected ones are answered without detail. */
export function toAnswer(exception: unknown): FailureAnswer {
  if (exception instanceof RequestFailure) {
    const status = exception.getStatus();
    return { status, body: exception.body, headers: exception.headers, isFailure: status >= 500 };
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    const response = exception.getResponse();
    return isHealthAnswer(response)
      ? { status, body: response, headers: {}, isFailure: false }
      : { status, body: toBody(status, exception.message), headers: {}, isFailure: status >= 500 };
  }
  const status = readStatus(exception);
  return isErrorLike(exception) && status < 500
    ? { status, body: toBody(status, exception.message), headers: {}, isFailure: false }
    : {
        status: 500,
        body: toBody(500, 'The service failed; its log has the cause'),
        headers: {},
        isFailure: true,
      };
}

/** Terminus throws its 503 answers, which have a body already and are not failures of this service. */
function isHealthAnswer(response: string | object): response is object {
  return typeof response === 'object' && 'status' in response && 'details' in response;
}

/** Fastify's own errors (body too large, not JSON, unknown content type) carry `statusCode`. */
function readStatus(exception: unknown): number {
  const status: unknown =
    typeof exception === 'object' && exception !== null && 'statusCode' in exception
      ? exception.statusCode
      : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function toBody(status: number, message: string): FailureBody {
  const code = CODES[status] ?? (status >= 500 ? 'INTERNAL' : 'REFUSED');
  return { error: { code, message } };
}
