import { ApiProperty } from '@nestjs/swagger';
import type { ColumnLine, OverflowGroup, TableActivity, WaitingValues } from '@pipeline/books';
import { CHANGE_VERBS, type ChangeVerb } from '@pipeline/schema-inference';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import { Count, Flag, Instant, Optional, Text, TextOrNull } from '../api/properties.js';
import { LimitedSpanQuery } from '../api/span.query.js';

/** The last schema change of a table. */
export class LastChangeView {
  @Text({ example: 'ADD_COLUMN' }) readonly kind!: string;
  @TextOrNull() readonly path!: string | null;
  @Count({ description: 'Milliseconds since 1970' }) readonly changedAtMs!: number;
  @Text() readonly actor!: string;
}

/** The result of the last promotion of today, if it moved nothing. */
export class ObstacleView {
  @Text({ example: 'deferred' }) readonly outcome!: string;
  @TextOrNull() readonly detail!: string | null;
}

/** Values of one table that wait in _overflow. */
export class WaitingView implements WaitingValues {
  @Text() readonly table!: string;
  @Count({ description: 'For a column, which promotion moves them to' }) readonly awaitingColumn!: number;
  @Count({ description: 'For a person to approve a change' }) readonly awaitingApproval!: number;
  @ApiProperty({ type: ObstacleView, nullable: true }) readonly obstacle!: ObstacleView | null;
}

/** One event table. `columns`, `createdAt` and `waiting` are those of `pipeline tables --json`. */
export class TableSummaryView {
  @Text() readonly table!: string;
  @Count({ description: 'Columns and nested fields' }) readonly columns!: number;
  @Instant() readonly createdAt!: string;
  @Count({ description: 'Rows published in the span, copies included' }) readonly rows!: number;
  @Count({ description: 'Rows of the span with a value in _overflow' }) readonly overflowedRows!: number;
  @TextOrNull({ description: 'Newest publish time in the span' }) readonly lastPublishedAt!: string | null;
  @ApiProperty({ type: WaitingView, nullable: true, description: 'Of the last two days; null if none do' })
  readonly waiting!: WaitingView | null;
  @Text({
    enum: CHANGE_VERBS,
    description: "The contract's verb for new columns; `evolve` without a contract",
  })
  readonly newColumns!: ChangeVerb;
  @Text({ enum: CHANGE_VERBS, description: "The contract's verb for wider types" })
  readonly typeChanges!: ChangeVerb;
  @ApiProperty({ type: LastChangeView, nullable: true }) readonly lastChange!: LastChangeView | null;
}

/** All event tables by name. */
export class TablesView {
  @Count({ description: 'Columns after which a table is closed' }) readonly columnBudget!: number;
  @ApiProperty({ type: [TableSummaryView] }) readonly tables!: readonly TableSummaryView[];
}

/** One column with its first appearance. */
export class ColumnView implements ColumnLine {
  @Text({ description: 'Names joined by dots' }) readonly path!: string;
  @Text() readonly type!: string;
  @Text() readonly mode!: string;
  @TextOrNull() readonly description!: string | null;
  @TextOrNull({ description: 'The message that caused it' }) readonly firstMessageId!: string | null;
  @Count({ nullable: true, description: 'Milliseconds since 1970' }) readonly addedAtMs!: number | null;
}

/** Rows of one hour. */
export class ActivityView implements TableActivity {
  @Text() readonly table!: string;
  @Instant() readonly start!: string;
  @Count() readonly rows!: number;
  @Count() readonly overflowedRows!: number;
  @Instant() readonly lastPublishedAt!: string;
  @Count({ description: 'Longest time from publishing to the row, in milliseconds' })
  readonly longestLagMs!: number;
}

/** Values of one place that are in _overflow for one reason, as `pipeline overflow --json` prints them. */
export class OverflowView implements OverflowGroup {
  @Text() readonly table!: string;
  @Text({ description: 'RFC 6901, with * for array indexes' }) readonly path!: string;
  @TextOrNull() readonly reason!: string | null;
  @Count() readonly values!: number;
  @Instant() readonly firstSeen!: string;
  @Instant() readonly lastSeen!: string;
  @Text() readonly sampleMessageId!: string;
  @Text() readonly samplePointer!: string;
}

/** One table. `closed` and `columns` are those of `pipeline tables NAME --json`. */
export class TableView {
  @Text() readonly table!: string;
  @Flag({ description: 'Takes no new columns' }) readonly closed!: boolean;
  @Text({
    enum: CHANGE_VERBS,
    description: "The contract's verb for new columns; `evolve` without a contract",
  })
  readonly newColumns!: ChangeVerb;
  @Text({ enum: CHANGE_VERBS, description: "The contract's verb for wider types" })
  readonly typeChanges!: ChangeVerb;
  @Instant() readonly createdAt!: string;
  @Count() readonly columnBudget!: number;
  @ApiProperty({ type: [ColumnView] }) readonly columns!: readonly ColumnView[];
  @ApiProperty({ type: [ActivityView], description: 'The last day by hour' })
  readonly activity!: readonly ActivityView[];
  @ApiProperty({ type: [OverflowView], description: 'Of the last day, the most frequent first' })
  readonly overflow!: readonly OverflowView[];
}

/** In how many rows of a span each column has a value. */
export class FillView {
  @Count() readonly rows!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'Rows by path' })
  readonly filled!: Readonly<Record<string, number>>;
}

/** Query of a sample. */
export class SampleQuery extends LimitedSpanQuery {
  @Optional({ type: Boolean, description: 'Include values', default: false })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly values: boolean = false;
}

/** One row of a sample. */
export class SampleRowView {
  @Text() readonly messageId!: string;
  @Instant() readonly publishedAt!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    description:
      'JSON text by column, cut; columns without a value are left out; null unless values are asked for',
  })
  readonly cells!: Readonly<Record<string, string>> | null;
}

/** The newest rows of a table. */
export class SampleView {
  @ApiProperty({ type: [String], description: 'The first 50 columns of the table' })
  readonly columns!: readonly string[];
  @ApiProperty({ type: [SampleRowView], description: 'The newest first, 10 at most' })
  readonly rows!: readonly SampleRowView[];
}
