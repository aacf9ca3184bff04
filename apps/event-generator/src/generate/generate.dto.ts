import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min, Validate } from 'class-validator';
import { EVENT_TYPES, type EventType } from '../generation/event.js';
import { MAX_SEED } from '../generation/generate-events.js';
import type { GenerateResult } from './generate.service.js';
import { PublishableAttributes } from './publishable-attributes.rule.js';

/** Most events of one request; a longer one would hold the caller for longer than proxies wait. */
const MAX_COUNT = 10_000;

/** The type in the path of `POST /generate/:type`. */
export class GenerateParams {
  @ApiProperty({ enum: EVENT_TYPES, description: 'Type of the events', example: 'order' })
  @IsIn(EVENT_TYPES)
  readonly type!: EventType;
}

/** What every request for events may say. */
export class SeededBody {
  @ApiPropertyOptional({
    description:
      'Makes the events the same every time, their times included; left out, one is drawn and told',
    minimum: 0,
    maximum: MAX_SEED,
    example: 7,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_SEED)
  readonly seed?: number;

  @ApiPropertyOptional({
    description: 'Pub/Sub attributes of every message',
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    example: { source: 'load-test' },
  })
  @IsOptional()
  @Validate(PublishableAttributes)
  readonly attributes: Record<string, string> = {};
}

/** The body of a request to generate. All of it may be left out, and so may the body. */
export class GenerateBody extends SeededBody {
  @ApiPropertyOptional({
    description: 'How many events',
    default: 1,
    minimum: 1,
    maximum: MAX_COUNT,
    example: 10,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_COUNT)
  readonly count: number = 1;
}

/** The answer: every event is in Pub/Sub. */
export class GenerateAnswer implements GenerateResult {
  @ApiProperty({ description: 'How many events were asked for', example: 2 })
  readonly requested!: number;

  @ApiProperty({ description: 'How many Pub/Sub has', example: 2 })
  readonly published!: number;

  @ApiProperty({
    description: 'Their message ids, in the order of the events',
    example: ['1', '2'],
    type: [String],
  })
  readonly messageIds!: readonly string[];

  @ApiProperty({ description: 'The seed that was used', example: 7 })
  readonly seed!: number;
}
