import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { BooksError } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { PinoLogger } from 'nestjs-pino';
import { parseAuditRequest } from './audit-request.js';
import { AuditService } from './audit.service.js';
import { toBooksView, type BooksView } from './books-view.js';

/** The books, for a scheduler. 200 whatever they say: the metric and the answer tell what is unaccounted. */
@Controller('audit')
export class AuditController {
  constructor(
    private readonly service: AuditService,
    private readonly logger: PinoLogger,
  ) {
    this.logger.setContext(AuditController.name);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take the books of a span of publish time, and write them to _ledger',
    description:
      'received = rows + deadLetters + inProgress + unaccounted. Without a body: the last 25 hours.',
  })
  @ApiBody({ required: false, schema: { type: 'object', example: { since: '25h', ledger: true } } })
  @ApiOkResponse({
    schema: {
      example: {
        totals: {
          received: 7,
          rows: 6,
          deadLetters: 1,
          inProgress: 0,
          unaccounted: 0,
          duplicates: 0,
          unarchived: 0,
        },
        unaccounted: [],
        replayed: 0,
      },
    },
  })
  @ApiResponse({ status: 400, description: 'The body is wrong: each field is named' })
  @ApiResponse({ status: 503, description: 'BigQuery or Pub/Sub did not answer, or something is missing' })
  async take(
    @Req() request: { readonly body?: unknown },
  ): Promise<BooksView & { readonly replayed: number }> {
    const now = new Date();
    const asked = parseAuditRequest(request.body, now);
    try {
      const books = await this.service.audit(asked, now);
      const { totals } = books;
      // Before the replay, which may fail: alerts read this line.
      if (totals.unaccounted > 0) this.logger.error({ ...totals }, 'the books do not balance');
      else this.logger.info({ ...totals }, 'the books balance');
      const replayed = await this.service.replayChanged(now);
      if (replayed > 0) this.logger.info({ replayed }, 'dead letters are replayed');
      return { ...toBooksView(books), replayed };
    } catch (cause) {
      throw toFailure(cause);
    }
  }
}

function toFailure(cause: unknown): RequestFailure {
  if (cause instanceof BooksError) {
    const { code, message } = cause;
    return new RequestFailure({ status: 400, code, message, cause });
  }
  const { code, message, disposition } = CloudError.from(cause);
  return new RequestFailure({ status: 503, code, message, details: { disposition }, cause });
}
