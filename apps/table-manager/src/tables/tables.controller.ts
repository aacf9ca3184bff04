import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBadRequestResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { TABLE_STORE, TableReconciler, type TableStore } from '@pipeline/bigquery-tables';
import { tableNotFound, toRequestFailure } from './table-failure.js';
import { toTableView, type TableSummary, type TableView } from './table-view.js';

/** The tables that this process has cached, and one table as BigQuery reports it. */
@Controller('tables')
export class TablesController {
  constructor(
    private readonly reconciler: TableReconciler,
    @Inject(TABLE_STORE) private readonly store: TableStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Tables that this process has used, the most recent last' })
  @ApiOkResponse({ schema: { example: { tables: [{ table: 'orders', columns: 17, closed: false }] } } })
  list(): { readonly tables: readonly TableSummary[] } {
    const tables = this.reconciler.list().map(({ stored, compiled }) => ({
      table: stored.tableId,
      columns: compiled.leafCount,
      closed: compiled.isClosed,
    }));
    return { tables };
  }

  @Get(':table')
  @ApiOperation({ summary: 'The schema of one table, as BigQuery reports it now' })
  @ApiOkResponse({
    schema: { example: { table: 'orders', columns: [{ path: 'order_id', type: 'STRING' }] } },
  })
  @ApiBadRequestResponse({ description: 'The request has a query parameter, or BigQuery refuses the name' })
  @ApiNotFoundResponse({ description: 'The table does not exist' })
  async get(@Param('table') table: string): Promise<TableView> {
    const stored = await this.store.read(table).catch((cause: unknown) => {
      throw toRequestFailure(cause);
    });
    if (stored === null) {
      throw tableNotFound(table);
    }
    return toTableView(stored);
  }
}
