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

/** An exception as it is answered. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: FailureBody | object;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether its log line is an error: it failed here, and is not what health checks answer. */
  readonly isFailure: boolean;
}

/** The one place where an exception becomes an answer. What nobody expected is answered without detail. */
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
        body: toBody(500, 'The service failed; its log says why'),
        headers: {},
        isFailure: true,
      };
}

/** Terminus throws its answer of 503, which is a body already and no failure of this service. */
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
