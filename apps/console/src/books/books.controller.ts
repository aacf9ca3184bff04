import { Controller, Get, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { audit, estimateAudit, ledgerHistory, type LedgerHour } from '@pipeline/books';
import { EstimateView, LimitedSpanQuery, SpanQuery, toSpan } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { BooksView, LedgerHourView, toBooksView } from './books.dto.js';

/** Books of the last day, unless the request names a span. */
const SINCE = '24h';

/** The books: `pipeline audit`. */
@ApiTags('Books')
@Controller('api/books')
export class BooksController {
  constructor(private readonly warehouse: Warehouse) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getBooks',
    summary: 'The books of a span by hour and table, and what is unaccounted: pipeline audit',
  })
  @ApiOkResponse({ type: BooksView })
  async read(@Query() query: LimitedSpanQuery): Promise<BooksView> {
    const { sql, inProgressMs, maxBytes } = this.warehouse;
    const now = this.warehouse.now();
    const span = toSpan(query, now, SINCE);
    return toBooksView(
      await audit(sql, { span, now, inProgressMs, maxBytes: query.maxBytes ?? maxBytes, limit: 1_000 }),
    );
  }

  @Get('ledger')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getLedger',
    summary: 'The hours of a span as their last audit counted them, from _ledger',
  })
  @ApiOkResponse({ type: [LedgerHourView] })
  ledger(@Query() query: SpanQuery): Promise<readonly LedgerHour[]> {
    return ledgerHistory(this.warehouse.sql, toSpan(query, this.warehouse.now(), '30d'));
  }

  @Get('estimate')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'estimateBooks',
    summary: 'Bytes that these books will read: pipeline audit --estimate',
  })
  @ApiOkResponse({ type: EstimateView })
  async estimate(@Query() query: SpanQuery): Promise<EstimateView> {
    const { sql, inProgressMs } = this.warehouse;
    const now = this.warehouse.now();
    const span = toSpan(query, now, SINCE);
    return { estimatedBytes: await estimateAudit(sql, { span, now, inProgressMs }) };
  }
}
