import { Controller, Get, Param, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EstimateView, LimitedSpanQuery, SpanQuery, TablePath } from '../api/span.query.js';
import { FillView, SampleQuery, SampleView, TablesView, TableView } from './tables.dto.js';
import { TablesService } from './tables.service.js';

/** The event tables: `pipeline tables`. */
@ApiTags('Tables')
@Controller('api/tables')
export class TablesController {
  constructor(private readonly tables: TablesService) {}

  @Get()
  @ApiOperation({
    operationId: 'listTables',
    summary: 'The event tables with the rows of the last day and the last change: pipeline tables',
  })
  @ApiOkResponse({ type: TablesView })
  list(): Promise<TablesView> {
    return this.tables.list();
  }

  @Get(':table')
  @ApiOperation({
    operationId: 'getTable',
    summary: 'One table: its columns, the rows of the last day, and what overflows: pipeline tables NAME',
  })
  @ApiOkResponse({ type: TableView })
  @ApiNotFoundResponse({ description: 'The table does not exist; the nearest name is said' })
  read(@Param() { table }: TablePath): Promise<TableView> {
    return this.tables.read(table);
  }

  @Get(':table/fill')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getFill',
    summary: 'In how many rows each column has a value; reads whole columns',
  })
  @ApiOkResponse({ type: FillView })
  fill(@Param() { table }: TablePath, @Query() query: LimitedSpanQuery): Promise<FillView> {
    return this.tables.fill(table, query);
  }

  @Get(':table/sample')
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getSample',
    summary: 'The newest rows of a table',
    description:
      'Answers 422 TOO_EXPENSIVE with the bytes in the message if it would read more than maxBytes.',
  })
  @ApiOkResponse({ type: SampleView })
  sample(@Param() { table }: TablePath, @Query() query: SampleQuery): Promise<SampleView> {
    return this.tables.sample(table, query);
  }

  @Get(':table/fill/estimate')
  @RouteConfig({ query: true })
  @ApiOperation({ operationId: 'estimateFill', summary: 'Bytes that the count of filled columns will read' })
  @ApiOkResponse({ type: EstimateView })
  async estimateFill(@Param() { table }: TablePath, @Query() query: SpanQuery): Promise<EstimateView> {
    return { estimatedBytes: await this.tables.estimateFill(table, query) };
  }
}
