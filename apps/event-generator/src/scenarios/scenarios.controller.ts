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

/** Hostile streams; each answers when Pub/Sub has its messages. */
@Controller('scenarios')
export class ScenariosController {
  constructor(private readonly service: ScenariosService) {}

  @Get()
  @ApiOperation({ summary: 'The scenarios: what each throws, and what must come of it' })
  @ApiOkResponse({ example: { scenarios: describeScenarios().slice(0, 1) } })
  getScenarios(): { readonly scenarios: readonly ScenarioSummary[] } {
    return { scenarios: describeScenarios() };
  }

  @Post(':name')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish a hostile stream; every message says in `expected` what must become of it',
  })
  @ApiBody({ type: GenerateBody, required: false })
  @ApiOkResponse({ type: ScenarioAnswer })
  @ApiBadRequestResponse({ description: 'A rule is broken' })
  @ApiServiceUnavailableResponse({
    description: 'Pub/Sub did not take all messages; details tell what it took',
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
