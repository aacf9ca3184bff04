import { ApiProperty } from '@nestjs/swagger';
import { namedRecord, type ChangeKind, type ChangeRecord, type SampleShape } from '@pipeline/bigquery-tables';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const KINDS: readonly ChangeKind[] = [
  'CREATE_TABLE',
  'RECREATE_TABLE',
  'DROP_TABLE',
  'ADD_COLUMN',
  'RELAX_COLUMN',
  'WIDEN_COLUMN',
  'CHANGE_COLUMN',
  'DROP_COLUMN',
  'CLOSE_RECORD',
  'RETIRE_COLUMN',
  'APPLY_CONTRACT',
  'APPROVE_CHANGE',
  'REJECT_CHANGE',
  'RENAME_COLUMN',
  'CLOSE_TABLE',
];

/** Query of `GET /tables/:table/history`. */
export class HistoryQuery {
  @ApiProperty({
    description: 'Number of changes, the newest ones',
    required: false,
    default: 1_000,
    maximum: 10_000,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly limit: number = 1_000;
}

/** One change of a table. */
export class ChangeView {
  @ApiProperty({ description: 'Equal for the same change reported twice', example: '9f2c…' })
  readonly change_id!: string;

  @ApiProperty({
    description: "BigQuery's lastModifiedTime of the table after the change, ms",
    example: 1_795_392_000_123,
  })
  readonly version!: number;

  @ApiProperty({ enum: KINDS, example: 'ADD_COLUMN' })
  readonly kind!: ChangeKind;

  @ApiProperty({
    description: 'Dotted column path; null for the table itself',
    type: String,
    nullable: true,
    example: 'customer.id',
  })
  readonly path!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  readonly from_type!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'STRING' })
  readonly to_type!: string | null;

  @ApiProperty({
    description: 'The message that caused it',
    type: String,
    nullable: true,
    example: '17352961041183523',
  })
  readonly message_id!: string | null;

  @ApiProperty({
    description: 'The shape of the value: types, never values',
    nullable: true,
    type: Object,
    example: 'STRING',
  })
  readonly sample!: SampleShape | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.123Z' })
  readonly changed_at!: string;

  @ApiProperty({
    description: '`unknown` for a change by others',
    example: 'table-manager@0.1.0',
  })
  readonly actor!: string;
}

/** The changes of a table, the newest last. */
export class HistoryView {
  @ApiProperty({ example: 'orders' })
  readonly table!: string;

  @ApiProperty({ type: [ChangeView] })
  readonly changes!: readonly ChangeView[];
}

/** The answer that the class above describes. */
export interface HistoryAnswer {
  readonly table: string;
  readonly changes: readonly Pick<ChangeView, keyof ChangeView>[];
}

/** Converts rows of `_schema_history` for the API. */
export function toHistoryAnswer(table: string, records: readonly ChangeRecord[]): HistoryAnswer {
  return { table, changes: records.map(namedRecord) };
}
