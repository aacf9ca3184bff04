import { ApiProperty } from '@nestjs/swagger';
import type { ChangeRecord } from '@pipeline/bigquery-tables';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Count, Optional, Text, TextOrNull } from '../api/properties.js';
import { SpanQuery } from '../api/span.query.js';

/** Query of the timeline. */
export class TimelineQuery extends SpanQuery {
  @Optional({ type: String, description: 'Only changes of this table' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly table?: string;

  @Optional({ type: 'integer', description: 'The newest changes', minimum: 1, maximum: 10_000, default: 500 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly limit: number = 500;
}

/** One schema change. */
export class ChangeView implements Omit<ChangeRecord, 'sample' | 'kind'> {
  @Text() readonly changeId!: string;
  @Text() readonly tableId!: string;
  @Text({ example: 'ADD_COLUMN' }) readonly kind!: string;
  @TextOrNull({ description: 'Dotted path of the column; null for the table itself' })
  readonly path!: string | null;
  @TextOrNull() readonly fromType!: string | null;
  @TextOrNull() readonly toType!: string | null;
  @TextOrNull({ description: 'The message that caused it' }) readonly messageId!: string | null;
  @ApiProperty({ type: Object, nullable: true, description: 'Shape of the value: types, never values' })
  readonly sample!: unknown;
  @Count({ description: 'Milliseconds since 1970' }) readonly changedAtMs!: number;
  @Count() readonly version!: number;
  @Text({ description: '`unknown` for a change that the pipeline did not make' }) readonly actor!: string;
}

/** Changes of a span, the newest last, as `pipeline history --json` prints them. */
export class TimelineView {
  @Count({ description: 'Changes in the span' }) readonly total!: number;
  @ApiProperty({ type: [ChangeView] }) readonly changes!: readonly ChangeView[];
}
