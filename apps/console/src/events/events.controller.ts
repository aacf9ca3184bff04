import { Controller, Get, Param, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  BooksError,
  explainMessage,
  findByColumn,
  findMessage,
  findText,
  listEventTables,
  messageOutcomes,
  parseCondition,
} from '@pipeline/books';
import { toSpan } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { EventQuery, EventView, MessagePath, SearchQuery, SearchView } from './events.dto.js';
import { toEventView } from './to-event-view.js';

/** Messages: `pipeline find` and `pipeline explain`. */
@ApiTags('Events')
@Controller('api/events')
export class EventsController {
  constructor(private readonly warehouse: Warehouse) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'findEvents',
    summary: 'Messages by a value in them, and the outcome of each: pipeline find',
    description:
      'Answers 422 TOO_EXPENSIVE with the bytes in the message if the search would read more than maxBytes.',
  })
  @ApiOkResponse({ type: SearchView })
  async find(@Query() { value, limit, maxBytes, ...query }: SearchQuery): Promise<SearchView> {
    const { sql } = this.warehouse;
    const span = toSpan(query, this.warehouse.now(), '24h');
    const tables = await listEventTables(sql);
    let estimatedBytes = 0;
    const scope = {
      span,
      tables,
      limit,
      onEstimate: async (bytes: number): Promise<void> => {
        estimatedBytes = bytes;
        await this.#refuseBeyond(bytes, maxBytes ?? this.warehouse.maxBytes);
      },
    };
    const condition = parseCondition(value);
    const { messages, total } =
      condition === null ? await findText(sql, value, scope) : await findByColumn(sql, condition, scope);
    const ids = messages.map(({ messageId }) => messageId);
    const outcomes = ids.length === 0 ? [] : await messageOutcomes(sql, ids, { tables, since: span.from });
    return {
      total,
      estimatedBytes,
      messages: outcomes.map(({ messageId, kind, table, reason, detail }, index) => ({
        messageId,
        kind,
        table,
        reason,
        detail,
        publishedAt: messages[index]?.publishedAt ?? '',
      })),
    };
  }

  @Get(':messageId')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getEvent',
    summary: 'One message: where every value is, and why: pipeline explain',
  })
  @ApiOkResponse({ type: EventView })
  async read(
    @Param() { messageId }: MessagePath,
    @Query() { values, ...query }: EventQuery,
  ): Promise<EventView> {
    const { sql, inProgressMs, readSchema, routing, isLocal } = this.warehouse;
    const now = this.warehouse.now();
    const { from: since } = toSpan(query, now, '30d');
    const facts = await findMessage(sql, messageId, { since, now, inProgressMs, readSchema, ...routing });
    const explanation = explainMessage(messageId, facts, {
      ...routing,
      since,
      command: (words) => `npx pipeline ${words}${isLocal ? ' --local' : ''}`,
    });
    return toEventView(explanation, { raw: facts.raw, rows: facts.rows, values });
  }

  #refuseBeyond(bytes: number, maxBytes: number): Promise<void> {
    if (bytes <= maxBytes) return Promise.resolve();
    return Promise.reject(
      new BooksError({
        code: 'TOO_EXPENSIVE',
        message: `the search would read ${bytes} bytes, more than the ${maxBytes} allowed`,
      }),
    );
  }
}
