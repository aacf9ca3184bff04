import { ApiProperty } from '@nestjs/swagger';
import type { FoundOutcome, LeafExplanation } from '@pipeline/books';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Count, Flag, Instant, Optional, Text, TextOrNull } from '../api/properties.js';
import { LimitedSpanQuery, SpanQuery } from '../api/span.query.js';
import { DeadLetterView } from '../dead-letters/dead-letters.dto.js';

/** Query of one event. */
export class EventQuery extends SpanQuery {
  @Optional({ type: Boolean, description: 'Include values and bytes', default: false })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly values: boolean = false;
}

/** Path parameter: a message. */
export class MessagePath {
  @Text({ description: 'Id that Pub/Sub gave the message' })
  @IsString()
  @MaxLength(1_024)
  readonly messageId!: string;
}

/** Query of a search. */
export class SearchQuery extends LimitedSpanQuery {
  @Text({ description: 'Text, or a condition on a column', example: 'order_id = "o-1"' })
  @IsString()
  @Matches(/\S/, { message: 'value: an empty text is in every event' })
  @MaxLength(10_000)
  readonly value!: string;

  @Optional({ type: 'integer', description: 'The newest messages', minimum: 1, maximum: 1_000, default: 100 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 100;
}

/** A message that was found, and its outcome. */
export class FoundView implements FoundOutcome {
  @Text() readonly messageId!: string;
  @Text({
    enum: ['row', 'dead-letter', 'quarantined', 'none'],
    description: '`none`: in progress or unaccounted',
  })
  readonly kind!: FoundOutcome['kind'];
  @TextOrNull() readonly table!: string | null;
  @TextOrNull() readonly reason!: string | null;
  @TextOrNull() readonly detail!: string | null;
  @Instant() readonly publishedAt!: string;
}

/** Found messages, the newest first, as `pipeline find --json` prints them. */
export class SearchView {
  @Count() readonly total!: number;
  @Count({ description: 'Bytes that the search read, by its dry run' }) readonly estimatedBytes!: number;
  @ApiProperty({ type: [FoundView] }) readonly messages!: readonly FoundView[];
}

/** One value of an event: its column or its reason. */
export class LeafView implements LeafExplanation {
  @Text({ description: 'RFC 6901' }) readonly pointer!: string;
  @TextOrNull({ description: 'JSON text as it was published, cut; null unless values are asked for' })
  readonly json!: string | null;
  @Count({ nullable: true, description: 'Characters of the whole JSON text' }) readonly jsonLength!:
    number | null;
  @Text({ enum: ['column', 'overflow', 'nowhere'] }) readonly place!: LeafExplanation['place'];
  @TextOrNull() readonly column!: string | null;
  @TextOrNull() readonly type!: string | null;
  @Text({ nullable: true, description: 'Reason of an overflow' }) readonly reason!: LeafExplanation['reason'];
  @Flag() readonly isExact!: boolean;
  @Text() readonly words!: string;
}

/** The bytes of a message. */
export class RawView {
  @Count() readonly bytes!: number;
  @TextOrNull({ description: 'As UTF-8, cut; null unless values are asked for' }) readonly text!:
    string | null;
  @Count() readonly textLength!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  readonly attributes!: Readonly<Record<string, string>> | null;
}

/** One delivery that became a row. */
export class CopyView {
  @TextOrNull() readonly ingestedAt!: string | null;
  @Count({ description: '0 as first written; promotion adds one' }) readonly revision!: number;
}

/** One message from its bytes to its cells, as `pipeline explain --json` prints it. */
export class EventView {
  @Text() readonly messageId!: string;
  @Text({ description: 'row, dead-letter, quarantined, in-progress, unaccounted or unknown' })
  readonly outcome!: string;
  @TextOrNull() readonly eventType!: string | null;
  @TextOrNull() readonly table!: string | null;
  @TextOrNull() readonly publishedAt!: string | null;
  @ApiProperty({ type: [String], description: 'The outcome and the remedy, sentence by sentence' })
  readonly summary!: readonly string[];
  @Count({ description: 'Values of the event' }) readonly leafCount!: number;
  @Count({ description: 'Values that are in a column' }) readonly inColumns!: number;
  @Count({ description: 'Values that are in _overflow' }) readonly inOverflow!: number;
  @Count({ description: 'Values that the row does not have as they were published' })
  readonly altered!: number;
  @ApiProperty({ type: [LeafView], description: 'The first 5,000' }) readonly leaves!: readonly LeafView[];
  @ApiProperty({ type: [CopyView] }) readonly copies!: readonly CopyView[];
  @ApiProperty({ type: [DeadLetterView] }) readonly deadLetters!: readonly DeadLetterView[];
  @ApiProperty({ type: RawView, nullable: true }) readonly raw!: RawView | null;
}
