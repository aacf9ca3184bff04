import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { GenerateAnswer } from '../generate/generate.dto.js';
import { SCENARIO_NAMES, type ExpectedOutcome, type ScenarioName } from './scenario.js';
import type { ScenarioResult } from './scenarios.service.js';

/** The name in the path of `POST /scenarios/:name`. */
export class ScenarioParams {
  @ApiProperty({ enum: SCENARIO_NAMES, description: 'Name of the scenario', example: 'poison' })
  @IsIn(SCENARIO_NAMES)
  readonly name!: ScenarioName;
}

/** The response once every message is in Pub/Sub. */
export class ScenarioAnswer extends GenerateAnswer implements ScenarioResult {
  @ApiProperty({
    description: 'Expected outcomes with counts: `row`, or the code of a dead letter',
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { row: 5, NOT_UTF8: 2, TOO_DEEP: 1, NOT_JSON: 2 },
  })
  readonly expected!: Readonly<Partial<Record<ExpectedOutcome, number>>>;
}
