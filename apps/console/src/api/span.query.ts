import { parseTime, type Span } from '@pipeline/books';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { invalidField } from './invalid-field.js';
import { Count, Optional, Text } from './properties.js';

const TIME = /^(\d{1,6}[smhd]|\d{4}-\d{2}-\d{2}(T[\d:.]{5,15}(Z|[+-]\d{2}:\d{2}))?)$/;
const WORDS = 'use a duration (30m, 24h, 7d), a date (2026-11-23) or a timestamp (2026-11-23T10:00:00Z)';

/** A span of publish time, as people write it: `since=24h`, `until=2026-11-23`. */
export class SpanQuery {
  @Optional({ type: String, description: 'Published from here on', example: '24h' })
  @IsOptional()
  @Matches(TIME, { message: `since: ${WORDS}` })
  readonly since?: string;

  @Optional({ type: String, description: 'Published before; now when absent', example: '2026-11-24' })
  @IsOptional()
  @Matches(TIME, { message: `until: ${WORDS}` })
  readonly until?: string;
}

/** A span and the most bytes that its query may read. */
export class LimitedSpanQuery extends SpanQuery {
  @Optional({
    type: 'integer',
    description: 'Most bytes that BigQuery may read; by default the setting MAX_BYTES',
    minimum: 0,
    maximum: 1e15,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1e15)
  readonly maxBytes?: number;
}

/** Path parameter: a table. */
export class TablePath {
  @Text({ description: 'Name of an event table', example: 'orders' })
  @IsString()
  @MaxLength(1_024)
  readonly table!: string;
}

/** Bytes that a query will read, before it runs. */
export class EstimateView {
  @Count({ description: 'Bytes by a dry run, which is free' })
  readonly estimatedBytes!: number;
}

/**
 * The span that was asked for.
 *
 * @throws RequestFailure 400 if a time does not exist or `since` is not before `until`
 */
export function toSpan({ since, until }: SpanQuery, now: Date, byDefault: string): Span {
  const from = readTime('since', since ?? byDefault, now);
  const to = until === undefined ? now : readTime('until', until, now);
  if (from < to) return { from, to };
  throw invalidField('since', 'time', 'since is not before until');
}

function readTime(field: string, text: string, now: Date): Date {
  const time = parseTime(text, now);
  // BigQuery's TIMESTAMP begins in the year 1.
  if (time !== undefined && time.getUTCFullYear() >= 1) return time;
  throw invalidField(field, 'time', `${field}: ${WORDS}`);
}
