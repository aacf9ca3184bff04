import { Controller, Get, Header, Query, type OnApplicationBootstrap } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { PendingList } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { AnswerText } from './answer-text.js';
import { PendingQuery } from './pending.query.js';

/** Bytes that the first list may bill at the start of a replica; a larger one waits for a reader. */
const WARM_MAX_BYTES = 1e9;

/** Changes that contracts hold back until a person approves them. */
@Controller('contracts')
export class PendingController implements OnApplicationBootstrap {
  readonly #text = new AnswerText();

  constructor(private readonly list: PendingList) {}

  onApplicationBootstrap(): void {
    this.list.warm(WARM_MAX_BYTES);
  }

  @Get('pending')
  @RouteConfig({ query: true })
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({
    summary: 'Lists changes that wait for an approval',
    description:
      'Each change once, however many events ask for it; event types (kind type) first, then the most frequent, at most 10,000; total counts all. Rejected ones are left ' +
      'out. No value is shown: samples have letters as x and digits as 9. Answered from memory, with readAt and ageSeconds: an answer older than 30 seconds is read again ' +
      'in the background, and failure says why that did not succeed. fresh=true waits for new figures. costs are the bytes that an approval in a table would process, by dry runs; they follow the list.',
  })
  @ApiOkResponse({
    schema: {
      example: {
        readAt: '2026-11-29T10:00:00.000Z',
        ageSeconds: 12,
        total: 1,
        approvals: [
          {
            table: 'orders',
            path: '/discount',
            kind: 'add',
            type: 'NUMERIC',
            values: 812,
            valuesPerHour: 203,
            firstMessageId: '1234',
            firstSeen: '2026-11-29T06:00:00Z',
            lastSeen: '2026-11-29T10:00:00Z',
            days: 1,
            attributes: { producer: 'checkout' },
            sample: '9.99',
            warnings: [],
            rejectedAt: null,
          },
        ],
        costs: [{ table: 'orders', days: 1, bytes: 48_318_382, unknown: null }],
        failure: null,
      },
    },
  })
  @ApiResponse({ status: 400, description: 'The query is invalid; each field is named' })
  @ApiResponse({ status: 503, description: 'BigQuery did not answer, or lacks a resource or permission' })
  async read(@Query() { fresh }: PendingQuery): Promise<Buffer> {
    try {
      return this.#text.of(await this.list.read({ fresh }));
    } catch (cause) {
      const { code, message, disposition } = CloudError.from(cause);
      throw new RequestFailure({ status: 503, code, message, details: { disposition }, cause });
    }
  }
}
