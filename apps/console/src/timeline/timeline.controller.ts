import { Controller, Get, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { listEventTables, namedEventTables } from '@pipeline/books';
import { toSpan } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { TimelineQuery, TimelineView } from './timeline.dto.js';

/** The schema history: `pipeline history`. */
@ApiTags('Timeline')
@Controller('api/timeline')
export class TimelineController {
  constructor(private readonly warehouse: Warehouse) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getTimeline',
    summary: 'Schema changes with the message that caused each, the newest last: pipeline history',
  })
  @ApiOkResponse({ type: TimelineView })
  async read(@Query() { table, limit, ...query }: TimelineQuery): Promise<TimelineView> {
    const { sql, history } = this.warehouse;
    const { from, to } = toSpan(query, this.warehouse.now(), '7d');
    const tables = table === undefined ? await listEventTables(sql) : [table];
    const all = tables.length === 0 ? [] : await history.read(tables);
    // A table that is gone may have a history; of one that never existed, the name is wrong.
    if (all.length === 0 && table !== undefined) await namedEventTables(sql, [table]);
    const within = all.filter(
      ({ changedAtMs }) => changedAtMs >= from.getTime() && changedAtMs < to.getTime(),
    );
    return { total: within.length, changes: within.slice(-limit) };
  }
}
