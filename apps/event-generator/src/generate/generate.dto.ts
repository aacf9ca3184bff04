import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, Validate } from 'class-validator';
import { IsAbsentOr } from './absent-or.rule.js';
import { EVENT_TYPES, type EventType } from '../generation/event.js';
import { MAX_SEED } from '../generation/generate-events.js';
import type { GenerateResult } from './generate.service.js';
import { PublishableAttributes } from './publishable-attributes.rule.js';

/** Maximum events of one request; a larger one would take longer than proxies wait. */
const MAX_COUNT = 10_000;

/** The type in the path of `POST /generate/:type`. */
export class GenerateParams {
  @ApiProperty({ enum: EVENT_TYPES, description: 'Type of the events', example: 'order' })
  @IsIn(EVENT_TYPES)
  readonly type!: EventType;
}

/** Options of every request for events. */
export class SeededBody {
  @ApiPropertyOptional({
    description:
      'Makes the events reproducible, including their times; without it, a random seed is chosen and returned',
    minimum: 0,
    maximum: MAX_SEED,
    example: 7,
  })
  @IsAbsentOr()
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
  @IsAbsentOr()
  @Validate(PublishableAttributes)
  readonly attributes: Record<string, string> = {};
}

/** The body of a request to generate. Every field is optional, and so is the body. */
export class GenerateBody extends SeededBody {
  @ApiPropertyOptional({
    description: 'How many events',
    default: 1,
    minimum: 1,
    maximum: MAX_COUNT,
    example: 10,
  })
  @IsAbsentOr()
  @IsInt()
  @Min(1)
  @Max(MAX_COUNT)
  readonly count: number = 1;
}

/** The response once every event is in Pub/Sub. */
export class GenerateAnswer implements GenerateResult {
  @ApiProperty({ description: 'Number of events requested', example: 2 })
  readonly requested!: number;

  @ApiProperty({ description: 'How many Pub/Sub has', example: 2 })
  readonly published!: number;

  @ApiProperty({
    description: 'Message ids, in the order of the events',
    example: ['1', '2'],
    type: [String],
  })
  readonly messageIds!: readonly string[];

  @ApiProperty({ description: 'The seed that was used', example: 7 })
  readonly seed!: number;
}
