import { Controller, Get, Query, type OnApplicationBootstrap } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PendingList, type PendingAnswer } from '@pipeline/books';
import { ApprovalsQuery, ApprovalsView } from './approvals.dto.js';
import { directAnswer } from './direct-answer.js';
import { Warehouse } from '../warehouse/warehouse.js';

/** Bytes that the first list may bill when the console starts; a larger one waits for a reader. */
const WARM_MAX_BYTES = 1e9;

/** Changes that contracts hold back: `pipeline contracts pending`. */
@ApiTags('Approvals')
@Controller('api/approvals')
export class ApprovalsController implements OnApplicationBootstrap {
  constructor(
    private readonly warehouse: Warehouse,
    private readonly list: PendingList,
  ) {}

  onApplicationBootstrap(): void {
    this.list.warm(WARM_MAX_BYTES);
  }

  @Get()
  @RouteConfig({ query: true })
  @ApiOperation({
    operationId: 'getApprovals',
    summary: 'Changes that wait for an approval, the most frequent first: pipeline contracts pending',
    description:
      'Answered from memory with the age of the figures; of one table, and with rejected ones, read at once.',
  })
  @ApiOkResponse({ type: ApprovalsView })
  async read(@Query() { table, rejected, fresh, limit }: ApprovalsQuery): Promise<PendingAnswer> {
    if (rejected || table !== undefined) {
      return directAnswer(this.warehouse, { table, includeRejected: rejected, limit });
    }
    const answer = await this.list.read({ fresh });
    return { ...answer, approvals: answer.approvals.slice(0, limit) };
  }
}
