import { ApiProperty } from '@nestjs/swagger';
import type { DeadLetterFilter, DeadLetterGroup, DeadLetterSummary, DeadLetterTime } from '@pipeline/books';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Count, Instant, Optional, Text, TextOrNull } from '../api/properties.js';
import { SpanQuery, toSpan } from '../api/span.query.js';

/** Conditions on dead letters, all of which hold. Times are those of the dead letter. */
export class DeadLetterQuery extends SpanQuery {
  @Optional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly reason?: string;

  @Optional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly table?: string;

  @Optional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly eventType?: string;
}

/** Conditions and a limit. */
export class DeadLetterListQuery extends DeadLetterQuery {
  @Optional({ type: 'integer', description: 'The newest ones', minimum: 1, maximum: 1_000, default: 50 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 50;
}

/** Dead letters of one cause, as `pipeline dead-letters groups --json` prints them. */
export class DeadLetterGroupView implements DeadLetterGroup {
  @TextOrNull() readonly table!: string | null;
  @TextOrNull() readonly eventType!: string | null;
  @TextOrNull({ description: 'Place in the event' }) readonly path!: string | null;
  @TextOrNull() readonly stage!: string | null;
  @TextOrNull() readonly reason!: string | null;
  @Count() readonly letters!: number;
  @Count() readonly messages!: number;
  @Instant() readonly firstSeen!: string;
  @Instant() readonly lastSeen!: string;
  @TextOrNull() readonly sampleMessageId!: string | null;
  @TextOrNull() readonly sampleDetail!: string | null;
}

/** One dead letter without its payload, as `pipeline dead-letters list --json` prints it. */
export class DeadLetterView implements DeadLetterSummary {
  @Instant() readonly deadLetteredAt!: string;
  @TextOrNull() readonly messageId!: string | null;
  @TextOrNull() readonly publishedAt!: string | null;
  @TextOrNull() readonly eventType!: string | null;
  @TextOrNull() readonly table!: string | null;
  @TextOrNull() readonly path!: string | null;
  @TextOrNull() readonly stage!: string | null;
  @TextOrNull() readonly reason!: string | null;
  @TextOrNull() readonly detail!: string | null;
  @Count() readonly attempt!: number;
  @TextOrNull() readonly service!: string | null;
}

/** Dead letters, the newest first. */
export class DeadLettersView {
  @Count({ description: 'Dead letters that meet the conditions' }) readonly total!: number;
  @ApiProperty({ type: [DeadLetterView] }) readonly deadLetters!: readonly DeadLetterView[];
}

/** The conditions of a query as the books take them; dismissed ones are left out. */
export function toLetterFilter(
  { reason, table, eventType, ...query }: DeadLetterQuery,
  now: Date,
): DeadLetterFilter {
  const { from, to } = toSpan(query, now, '7d');
  return {
    since: from,
    dismissed: 'exclude',
    ...(query.until === undefined ? {} : { until: to }),
    ...(reason === undefined ? {} : { reason }),
    ...(table === undefined ? {} : { table }),
    ...(eventType === undefined ? {} : { eventType }),
  };
}

/** Dead letters of one hour or day. */
export class DeadLetterTimeView implements DeadLetterTime {
  @Instant() readonly start!: string;
  @Count() readonly letters!: number;
}

/** Dead letters over time, the earliest first; hours and days without any are left out. */
export class DeadLetterTrendView {
  @Text({ enum: ['HOUR', 'DAY'] }) readonly by!: 'HOUR' | 'DAY';
  @Instant() readonly from!: string;
  @Instant() readonly to!: string;
  @ApiProperty({ type: [DeadLetterTimeView] }) readonly times!: readonly DeadLetterTimeView[];
}
