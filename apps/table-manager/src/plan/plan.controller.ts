import { Readable } from 'node:stream';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { type PlanReport } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import { PlanBatchService } from './plan-batch.service.js';
import { PlanQuery } from './plan.dto.js';
import { exampleLines, examplePlan } from './plan.examples.js';

/** Plans share the processor with events. */
const MAX_PLANS = 2;
const RETRY_AFTER_SECONDS = '5';

/** Shows the effect of a batch of events without applying it. */
@Controller('plan')
export class PlanController {
  #running = 0;

  constructor(private readonly planning: PlanBatchService) {}

  @Post()
  @HttpCode(200)
  @RouteConfig({ body: 'stream', query: true })
  @ApiOperation({
    summary:
      'Shows what a batch of events would do to the tables: changes, conflicts, rejected rows. Changes nothing',
    description:
      'One event a line (`format=event`), or one Pub/Sub message a line (`format=message`: `{"data": base64, ' +
      '"attributes": {…}}`, alone or as the `message` of a push). The body may have any length: it is read as a stream.',
  })
  @ApiConsumes('application/x-ndjson')
  @ApiQuery({ name: 'format', enum: ['event', 'message'], required: false })
  @ApiBody({ schema: { type: 'string', example: exampleLines() } })
  @ApiOkResponse({ schema: { type: 'object', example: examplePlan() } })
  @ApiResponse({ status: 400, description: 'The query is invalid; each field is named' })
  @ApiResponse({ status: 408, description: 'The body arrives at less than 64 kB/s' })
  @ApiResponse({ status: 429, description: 'Two plans are running; retry after Retry-After seconds' })
  @ApiResponse({ status: 503, description: 'BigQuery did not return a table. The body has the reason' })
  async plan(@Req() request: { readonly body?: unknown }, @Query() query: PlanQuery): Promise<PlanReport> {
    if (this.#running >= MAX_PLANS) {
      throw new RequestFailure({
        status: 429,
        code: 'TOO_MANY_PLANS',
        message: `${MAX_PLANS} plans are running; retry after ${RETRY_AFTER_SECONDS} s`,
        headers: { 'retry-after': RETRY_AFTER_SECONDS, connection: 'close' },
      });
    }
    this.#running++;
    try {
      return await this.planning.plan(
        request.body instanceof Readable ? request.body : Readable.from([]),
        query.format,
      );
    } catch (cause) {
      throw toFailure(cause);
    } finally {
      this.#running--;
    }
  }
}

function toFailure(cause: unknown): unknown {
  if (!(cause instanceof CloudError)) {
    return cause;
  }
  const { code, message, disposition, tableId } = cause;
  const status = disposition === 'permanent' ? 400 : 503;
  return new RequestFailure({ status, code, message, details: { disposition, table: tableId }, cause });
}
