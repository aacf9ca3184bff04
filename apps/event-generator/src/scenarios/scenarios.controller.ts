import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
} from '@nestjs/swagger';
import { GenerateBody } from '../generate/generate.dto.js';
import { toRequestFailure } from '../publishing/publish-request-failure.js';
import { SCENARIO_NAMES, type ScenarioName } from './scenario.js';
import { ScenarioAnswer, ScenarioParams } from './scenarios.dto.js';
import { SCENARIOS } from './scenarios.js';
import { ScenariosService, type ScenarioResult } from './scenarios.service.js';

interface ScenarioSummary {
  readonly name: ScenarioName;
  readonly summary: string;
  readonly outcome: string;
}

/** Hostile streams. Each request is answered once Pub/Sub has its messages. */
@Controller('scenarios')
export class ScenariosController {
  constructor(private readonly service: ScenariosService) {}

  @Get()
  @ApiOperation({ summary: 'The scenarios, with the content and the expected outcome of each' })
  @ApiOkResponse({ example: { scenarios: describeScenarios().slice(0, 1) } })
  getScenarios(): { readonly scenarios: readonly ScenarioSummary[] } {
    return { scenarios: describeScenarios() };
  }

  @Post(':name')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Publish a hostile stream; every message carries its expected outcome in the attribute `expected`',
  })
  @ApiBody({ type: GenerateBody, required: false })
  @ApiOkResponse({ type: ScenarioAnswer })
  @ApiBadRequestResponse({ description: 'A rule is broken' })
  @ApiServiceUnavailableResponse({
    description: 'Pub/Sub did not accept all messages; details list the accepted ones',
  })
  async publishScenario(
    @Param() params: ScenarioParams,
    @Body() body: GenerateBody,
  ): Promise<ScenarioResult> {
    const { count, seed, attributes } = body;
    const { result, failure } = await this.service.publish({ name: params.name, count, seed, attributes });
    if (failure !== null) {
      throw toRequestFailure(failure, { ...result });
    }
    return result;
  }
}

function describeScenarios(): ScenarioSummary[] {
  return SCENARIO_NAMES.map((name) => {
    const { summary, outcome } = SCENARIOS[name];
    return { name, summary, outcome };
  });
}
