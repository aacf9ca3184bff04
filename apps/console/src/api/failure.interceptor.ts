import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { BooksError, type BooksErrorCode } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { catchError, type Observable } from 'rxjs';

const BOOKS_STATUS: Readonly<Record<BooksErrorCode, number>> = {
  TOO_EXPENSIVE: 422,
  NO_SUCH_TABLE: 404,
  NO_SUCH_COLUMN: 404,
};

/** Answers failures of the books and of BigQuery with their code, message and remedy. */
@Injectable()
export class FailureInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((cause: unknown) => {
        throw toRequestFailure(cause);
      }),
    );
  }
}

/** Converts known failures; anything else is returned as it is. BigQuery's 400 is the request's fault, the rest is 503. */
export function toRequestFailure(cause: unknown): unknown {
  if (cause instanceof BooksError) {
    const { code, message } = cause;
    return new RequestFailure({ status: BOOKS_STATUS[code], code, message, cause });
  }
  if (cause instanceof CloudError) {
    const { code, message, disposition, service } = cause;
    const status = disposition === 'permanent' ? 400 : 503;
    return new RequestFailure({
      status,
      code,
      message: `${service}: ${message}`,
      details: { disposition },
      cause,
    });
  }
  return cause;
}
