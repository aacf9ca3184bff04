import { Controller, Get, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { countDeadLetters, deadLetterGroups, listDeadLetters } from '@pipeline/books';
import { Warehouse } from '../warehouse/warehouse.js';
import {
  toLetterFilter,
  DeadLetterGroupView,
  DeadLetterListQuery,
  DeadLetterQuery,
  DeadLettersView,
} from './dead-letters.dto.js';

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
}
