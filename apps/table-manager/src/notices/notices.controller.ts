import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { parseNoticeCall } from './notice-request.js';
import { NoticesService, type NoticesAnswer } from './notices.service.js';

/** Notices for a scheduler: 200 with what was published. */
@Controller('notices')
export class NoticesController {
  constructor(private readonly service: NoticesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publishes what happened since the last run as CloudEvents on the topic of notices',
    description:
      'Schema changes, pending approvals, decisions, unbalanced books, rising dead letters and silent tables, at most one notice of each type and table in an hour. ' +
      'Waiting values are looked for in rows published since publishedSince, by default in the last 48 hours. Safe to call at any time and from many callers.',
  })
  @ApiBody({ required: false, schema: { type: 'object', example: { publishedSince: '30d' } } })
  @ApiOkResponse({
    schema: {
      example: {
        published: [
          { id: 'schema.changed/orders/5f0c2f6f8a1d7e90', type: 'schema.changed', table: 'orders', count: 1 },
        ],
        waiting: 0,
      },
    },
  })
  @ApiResponse({ status: 400, description: 'The body is invalid; each field is named' })
  @ApiResponse({ status: 429, description: 'A run is in progress: retry after Retry-After seconds' })
  @ApiResponse({
    status: 503,
    description:
      'BigQuery or Pub/Sub did not answer, or lacks a resource or permission; details has the number of notices that wait',
  })
  publish(@Req() request: { readonly body?: unknown }): Promise<NoticesAnswer> {
    return this.service.run(parseNoticeCall(request.body, new Date()));
  }
}
