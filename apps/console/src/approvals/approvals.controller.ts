import { Controller, Get, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  listContractTables,
  namedEventTables,
  pendingApprovals,
  type PendingApprovals,
} from '@pipeline/books';
import { Warehouse } from '../warehouse/warehouse.js';
import { ApprovalsQuery, ApprovalsView } from './approvals.dto.js';

/** Changes that contracts hold back: `pipeline contracts pending`. */
@ApiTags('Approvals')
@Controller('api/approvals')
export class ApprovalsController {
  constructor(private readonly warehouse: Warehouse) {}

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getApprovals',
    summary: 'Changes that wait for an approval, the most frequent first: pipeline contracts pending',
  })
  @ApiOkResponse({ type: ApprovalsView })
  async read(@Query() { table, rejected, limit }: ApprovalsQuery): Promise<PendingApprovals> {
    const { sql, readSchema } = this.warehouse;
    const tables = table === undefined ? await listContractTables(sql) : await namedEventTables(sql, [table]);
    return pendingApprovals(sql, tables, { readSchema, includeRejected: rejected, limit });
  }
}
