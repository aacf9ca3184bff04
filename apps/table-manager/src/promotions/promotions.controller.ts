import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { parsePromotionCall } from './promotion-request.js';
import { PromotionsService, type PromotionAnswer } from './promotions.service.js';

/** Promotion for a scheduler: 200 with what was moved; a day that failed or is deferred is in the answer. */
@Controller('promotions')
export class PromotionsController {
  constructor(private readonly service: PromotionsService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Moves values from _overflow and from retired columns to the columns that have come since',
    description:
      'Without a body: tables whose schema changed in the last hour, rows published in the last 48 hours that wait for a column. ' +
      'Once a night {"scope":"all"}: every overflow of every table, and the end of retypes. Fields that cannot widen are retyped after it. ' +
      'Safe to call at any time and from many callers.',
  })
  @ApiBody({
    required: false,
    schema: {
      type: 'object',
      example: { tables: ['orders'], scope: 'all', publishedSince: '30d', dryRun: true },
    },
  })
  @ApiOkResponse({
    schema: {
      example: {
        runId: '5a2f0a0e-6d0c-4b1e-9c39-0a35f2a4c0a1',
        isComplete: true,
        retypes: [],
        automatic: [{ table: 'orders', column: 'items.price', type: 'NUMERIC', outcome: 'retyped' }],
        days: [
          {
            table: 'orders',
            day: '2026-11-29',
            outcome: 'promoted',
            rowsRead: 12,
            rowsChanged: 12,
            valuesMoved: 14,
            bytesProcessed: 41_943_040,
            detail: null,
            startedAtMs: 1_795_939_200_000,
            durationMs: 2_480,
          },
        ],
      },
    },
  })
  @ApiResponse({ status: 400, description: 'The body is invalid; each field is named' })
  @ApiResponse({ status: 429, description: 'A promotion is running: retry after Retry-After seconds' })
  @ApiResponse({ status: 503, description: 'BigQuery did not answer, or lacks a resource or permission' })
  promote(@Req() request: { readonly body?: unknown }): Promise<PromotionAnswer> {
    return this.service.run(parsePromotionCall(request.body, new Date()));
  }
}
