import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PlanReport } from '@pipeline/bigquery-tables';
import { ActionTools } from '../actions/action-tools.js';
import { EventsInput } from '../actions/publish.action.js';
import { planEvents } from './plan-events.js';
import { PlanView } from './plan.dto.js';
import { readEvents } from './read-events.js';

/** Shows the effect of events on the tables: `pipeline plan`. */
@ApiTags('Plan')
@Controller('api/plan')
export class PlanController {
  constructor(private readonly tools: ActionTools) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'planEvents',
    summary: 'Shows what events would do to the tables: pipeline plan',
  })
  @ApiOkResponse({ type: PlanView })
  plan(@Body() input: EventsInput): Promise<PlanReport> {
    return planEvents(this.tools.planning, readEvents(input));
  }
}
