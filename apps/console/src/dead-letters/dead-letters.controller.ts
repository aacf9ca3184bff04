import { Controller, Get, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { countDeadLetters, deadLetterGroups, deadLetterTrend, listDeadLetters } from '@pipeline/books';
import { toSpan } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import {
  toLetterFilter,
  DeadLetterGroupView,
  DeadLetterListQuery,
  DeadLetterQuery,
  DeadLettersView,
  DeadLetterTrendView,
} from './dead-letters.dto.js';

/** Longer periods are counted by day. */
const MAX_HOURS_MS = 3 * 86_400_000;

/** Dead letters without payload: `pipeline dead-letters`. */
@ApiTags('Dead letters')
@Controller('api/dead-letters')
export class DeadLettersController {
  constructor(private readonly warehouse: Warehouse) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'listDeadLetters',
    summary: 'Dead letters, the newest first: pipeline dead-letters list',
  })
  @ApiOkResponse({ type: DeadLettersView })
  async list(@Query() { limit, ...query }: DeadLetterListQuery): Promise<DeadLettersView> {
    const { sql } = this.warehouse;
    const filter = toLetterFilter(query, this.warehouse.now());
    const deadLetters = await listDeadLetters(sql, filter, limit);
    const total = deadLetters.length < limit ? deadLetters.length : await countDeadLetters(sql, filter);
    return { total, deadLetters };
  }

  @Get('groups')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getDeadLetterGroups',
    summary: 'Dead letters by cause, the largest group first: pipeline dead-letters groups',
  })
  @ApiOkResponse({ type: [DeadLetterGroupView] })
  groups(@Query() query: DeadLetterQuery): Promise<readonly DeadLetterGroupView[]> {
    return deadLetterGroups(this.warehouse.sql, toLetterFilter(query, this.warehouse.now()));
  }

  @Get('trend')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getDeadLetterTrend',
    summary: 'Dead letters by hour, of more than three days by day',
  })
  @ApiOkResponse({ type: DeadLetterTrendView })
  async trend(@Query() query: DeadLetterQuery): Promise<DeadLetterTrendView> {
    const now = this.warehouse.now();
    const { from, to } = toSpan(query, now, '7d');
    const by = to.getTime() - from.getTime() > MAX_HOURS_MS ? 'DAY' : 'HOUR';
    const times = await deadLetterTrend(this.warehouse.sql, toLetterFilter(query, now), by);
    return { by, from: from.toISOString(), to: to.toISOString(), times };
  }
}
