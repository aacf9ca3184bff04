import { isErrorLike } from '../error-like.js';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
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

/** The one place where an exception becomes an answer. What nobody expected is logged and answered without detail. */
@Catch()
export class FailureFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: PinoLogger) {
    this.logger.setContext(FailureFilter.name);
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const { status, body } = toAnswer(exception);
    if (status >= 500 && !isHealthAnswer(exception)) {
      this.logger.error({ err: exception, ...toLogFields(exception) }, 'request failed');
    }
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!reply.sent) {
      void reply.status(status).headers(toHeaders(exception)).send(body);
    }
  }
}

function toHeaders(exception: unknown): Readonly<Record<string, string>> {
  return exception instanceof RequestFailure ? exception.headers : {};
}

/** Terminus throws its answer of 503, which is a body already and no failure of this service. */
function isHealthAnswer(exception: unknown): exception is HttpException {
  if (!(exception instanceof HttpException)) {
    return false;
  }
  const response = exception.getResponse();
  return typeof response === 'object' && 'status' in response && 'details' in response;
}

function toLogFields(exception: unknown): Record<string, unknown> {
  return exception instanceof RequestFailure ? { code: exception.body.error.code } : {};
}

function toAnswer(exception: unknown): { status: number; body: FailureBody | object } {
  if (exception instanceof RequestFailure) {
    return { status: exception.getStatus(), body: exception.body };
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    const response = exception.getResponse();
    if (isHealthAnswer(exception) && typeof response === 'object') {
      return { status, body: response };
    }
    return { status, body: toBody(status, exception.message) };
  }
  const status = readStatus(exception);
  if (isErrorLike(exception) && status < 500) {
    return { status, body: toBody(status, exception.message) };
  }
  return { status: 500, body: toBody(500, 'The service failed; its log says why') };
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
