import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { BooksError } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { PinoLogger } from 'nestjs-pino';
import { parseAuditRequest, type AuditRequest } from './audit-request.js';
import { AuditService } from './audit.service.js';
import { toBooksView, type BooksView } from './books-view.js';

type AuditAnswer = BooksView & { readonly replayed: number };

/** The books, for a scheduler. 200 whatever they say: metric and answer show the unaccounted events. */
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
    summary: 'Takes the books of a span of publish time and writes them to _ledger',
    description:
      'received = rows + deadLetters + dismissed + quarantined + inProgress + unaccounted. Without a body: the last 25 hours.',
  })
  @ApiBody({ required: false, schema: { type: 'object', example: { since: '25h', ledger: true } } })
  @ApiOkResponse({
    schema: {
      example: {
        totals: {
          received: 7,
          rows: 6,
          deadLetters: 1,
          dismissed: 0,
          quarantined: 0,
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
  @ApiResponse({ status: 400, description: 'The body is invalid; each field is named' })
  @ApiResponse({ status: 429, description: 'An audit is running: retry after Retry-After seconds' })
  @ApiResponse({
    status: 503,
    description: 'BigQuery or Pub/Sub did not answer, or lacks a resource or permission',
  })
  async take(@Req() request: { readonly body?: unknown }): Promise<AuditAnswer> {
    const now = new Date();
    const asked = parseAuditRequest(request.body, now);
    return this.service.runAlone(() => this.#take(asked, now));
  }

  async #take(asked: AuditRequest, now: Date): Promise<AuditAnswer> {
    try {
      const books = await this.service.audit(asked, now);
      const { totals } = books;
      // Before the replay, which may fail: alerts read this line.
      if (totals.unaccounted > 0) this.logger.error({ ...totals }, 'the books do not balance');
      else this.logger.info({ ...totals }, 'the books balance');
      const replayed = await this.service.replayChanged(now);
      if (replayed > 0) this.logger.info({ replayed }, 'dead letters replayed');
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
