import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { parseRetypeCall } from './retype-request.js';
import { RetypesService, type RetypeAnswer } from './retypes.service.js';

/** Another type for a column, as `pipeline retype` gives it. */
@Controller('retypes')
export class RetypesController {
  constructor(private readonly service: RetypesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Gives a column another type and moves its values',
    description:
      'The column is marked as retired, a new one takes its event key, and every value of every day moves to it. Call it again until ' +
      'progress.stage is ended; the nightly promotion continues as well. A dry run counts the values and changes nothing.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['table', 'column', 'type'],
      example: {
        table: 'orders',
        column: 'items.price',
        type: 'NUMERIC',
        numbersAsText: false,
        dryRun: true,
      },
    },
  })
  @ApiOkResponse({
    schema: {
      example: {
        kind: 'retyped',
        retired: 'items',
        added: 'items__v2',
        left: 0,
        run: { runId: '5a2f0a0e-6d0c-4b1e-9c39-0a35f2a4c0a1', isComplete: true, days: [], retypes: [] },
        progress: {
          table: 'orders',
          column: 'items',
          stage: 'settling',
          left: 0,
          untilMs: 1_795_942_800_000,
          detail: null,
        },
      },
    },
  })
  @ApiResponse({ status: 400, description: 'The body is invalid, or the column cannot be retyped' })
  @ApiResponse({ status: 404, description: 'There is no such table' })
  @ApiResponse({
    status: 429,
    description: 'A promotion or a retype is running: retry after Retry-After seconds',
  })
  @ApiResponse({ status: 503, description: 'BigQuery did not answer, or lacks a resource or permission' })
  retype(@Req() request: { readonly body?: unknown }): Promise<RetypeAnswer> {
    return this.service.run(parseRetypeCall(request.body));
  }
}
