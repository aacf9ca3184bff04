import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsUUID, Max, Min } from 'class-validator';
import { IsAbsentOr } from '../generate/absent-or.rule.js';
import { SeededBody } from '../generate/generate.dto.js';
import { EVENT_TYPES } from '../generation/event.js';
import type { PublishErrorCode } from '../publishing/publish.errors.js';
import { SCENARIO_NAMES } from '../scenarios/scenario.js';
import type { StreamStatus } from './event-stream.js';
import type { StreamCommand, StreamReport } from './streams.service.js';

const SOURCES = ['mix', ...EVENT_TYPES, ...SCENARIO_NAMES] as const;
/** Maximum rate that one process publishes on a small machine without falling behind. */
const MAX_RATE_PER_SECOND = 10_000;
const MAX_DURATION_SECONDS = 86_400;

/** The id in the path of a stream. */
export class StreamParams {
  @ApiProperty({ description: 'Id of the stream', example: '3f0f6f2e-5d0f-4b52-9a4c-0c3a4b2f7d11' })
  @IsUUID()
  readonly id!: string;
}

/** The body of `POST /streams`. Every field is optional; the default is ten events of the mix per second for a minute. */
export class StreamBody extends SeededBody {
  @ApiPropertyOptional({
    enum: SOURCES,
    description: 'What to publish: an event type, the mix of all, or a scenario',
  })
  @IsAbsentOr()
  @IsIn(SOURCES)
  readonly source: StreamCommand['source'] = 'mix';

  @ApiPropertyOptional({
    description: 'Events a second',
    default: 10,
    minimum: 0.01,
    maximum: MAX_RATE_PER_SECOND,
  })
  @IsAbsentOr()
  @IsNumber()
  @Min(0.01)
  @Max(MAX_RATE_PER_SECOND)
  readonly ratePerSecond: number = 10;

  @ApiPropertyOptional({
    description: 'How long, in seconds',
    default: 60,
    minimum: 1,
    maximum: MAX_DURATION_SECONDS,
  })
  @IsAbsentOr()
  @IsInt()
  @Min(1)
  @Max(MAX_DURATION_SECONDS)
  readonly durationSeconds: number = 60;
}

/** A stream and its state. */
export class StreamAnswer implements StreamReport {
  @ApiProperty({ example: '3f0f6f2e-5d0f-4b52-9a4c-0c3a4b2f7d11' })
  readonly id!: string;

  @ApiProperty({ enum: SOURCES, example: 'mix' })
  readonly source!: StreamCommand['source'];

  @ApiProperty({ description: 'Events a second', example: 10 })
  readonly ratePerSecond!: number;

  @ApiProperty({ description: 'How long, in seconds', example: 60 })
  readonly durationSeconds!: number;

  @ApiProperty({ description: 'The seed that is used', example: 7 })
  readonly seed!: number;

  @ApiProperty({ enum: ['running', 'finished', 'stopped', 'failed'], example: 'running' })
  readonly state!: StreamStatus['state'];

  @ApiProperty({ description: 'Messages that Pub/Sub has', example: 120 })
  readonly published!: number;

  @ApiProperty({
    description: 'Messages due by now that Pub/Sub does not have',
    example: 0,
  })
  readonly behind!: number;

  @ApiProperty({ description: 'Batches that Pub/Sub did not accept completely', example: 0 })
  readonly failures!: number;

  @ApiProperty({
    description: 'Code of the last such failure',
    type: String,
    nullable: true,
    example: null,
  })
  readonly lastFailure!: PublishErrorCode | null;
}
