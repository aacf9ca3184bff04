import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { RequestFailure } from './request-failure.js';
import { toAnswer } from './to-answer.js';

/** Answers every exception and logs the failures of this service. */
@Catch()
export class FailureFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: Pick<PinoLogger, 'error'>) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    this.answer(exception, host.switchToHttp().getResponse<FastifyReply>());
  }

  answer(exception: unknown, reply: FastifyReply): void {
    const { status, body, headers, isFailure } = toAnswer(exception);
    if (isFailure) {
      const code = exception instanceof RequestFailure ? { code: exception.body.error.code } : {};
      this.logger.error({ err: exception, ...code }, 'request failed');
    }
    if (!reply.sent) {
      void reply.status(status).headers(headers).send(body);
    }
  }
}
