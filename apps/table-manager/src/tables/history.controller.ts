import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBadRequestResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { SCHEMA_HISTORY, TABLE_STORE, type SchemaHistory, type TableStore } from '@pipeline/bigquery-tables';
import { HistoryQuery, HistoryView, toHistoryAnswer, type HistoryAnswer } from './history.dto.js';
import { tableNotFound, toRequestFailure } from './table-failure.js';

/** The schema history of a table. */
@Controller('tables')
export class HistoryController {
  constructor(
    @Inject(SCHEMA_HISTORY) private readonly history: Pick<SchemaHistory, 'read'>,
    @Inject(TABLE_STORE) private readonly store: Pick<TableStore, 'read'>,
  ) {}

  @Get(':table/history')
  @RouteConfig({ query: true })
  @ApiOperation({
    summary: 'All changes of one table with the message that caused each, the newest last',
    description: 'Changes by others have the actor `unknown`. A deleted table keeps its history.',
  })
  @ApiOkResponse({ type: HistoryView })
  @ApiBadRequestResponse({ description: 'The query is invalid; each field is named' })
  @ApiNotFoundResponse({ description: 'The table does not exist and never did' })
  async get(@Param('table') table: string, @Query() { limit }: HistoryQuery): Promise<HistoryAnswer> {
    const records = await this.history.read([table], limit).catch((cause: unknown) => {
      throw toRequestFailure(cause);
    });
    if (records.length === 0 && (await this.#isMissing(table))) {
      throw tableNotFound(table);
    }
    return toHistoryAnswer(table, records);
  }

  /** A table created by hand has no history before its first event. */
  async #isMissing(table: string): Promise<boolean> {
    const stored = await this.store.read(table).catch((cause: unknown) => {
      throw toRequestFailure(cause);
    });
    return stored === null;
  }
}
