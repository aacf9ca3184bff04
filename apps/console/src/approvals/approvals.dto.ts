import { ApiProperty } from '@nestjs/swagger';
import type { PendingAnswer, PendingApproval, PendingCost } from '@pipeline/books';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Count, Instant, Optional, Text, TextOrNull } from '../api/properties.js';

/** Query of the changes that wait. */
export class ApprovalsQuery {
  @Optional({ type: String, description: 'Only changes of this table' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly table?: string;

  @Optional({ type: Boolean, description: 'Rejected changes too', default: false })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly rejected: boolean = false;

  @Optional({
    type: Boolean,
    description: 'Wait for figures that are read after the request',
    default: false,
  })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly fresh: boolean = false;

  @Optional({ type: 'integer', minimum: 1, maximum: 10_000, default: 500 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly limit: number = 500;
}

/** One change that waits. */
export class ApprovalView implements PendingApproval {
  @Text() readonly table!: string;
  @Text({ description: 'RFC 6901 with `*` for array indexes; empty for an event type', example: '/discount' })
  readonly path!: string;
  @ApiProperty({ enum: ['add', 'widen', 'type'] }) readonly kind!: PendingApproval['kind'];
  @ApiProperty({ type: String, required: false, description: 'The event type, if `kind` is `type`' })
  readonly eventType?: string;
  @TextOrNull({ description: 'Type that the newest value asks for' }) readonly type!: string | null;
  @Count({ description: 'Values that wait' }) readonly values!: number;
  @ApiProperty({ type: Number }) readonly valuesPerHour!: number;
  @Text() readonly firstMessageId!: string;
  @Instant() readonly firstSeen!: string;
  @Instant() readonly lastSeen!: string;
  @Count({ description: 'Days of publish time in which values wait' }) readonly days!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Attributes of the newest message: they name its producer',
  })
  readonly attributes!: Readonly<Record<string, string>>;
  @Text({ description: 'Letters as x, digits as 9' }) readonly sample!: string;
  @ApiProperty({ type: [String] }) readonly warnings!: PendingApproval['warnings'];
  @TextOrNull() readonly rejectedAt!: string | null;
}

/** The cost of an approval in a table. */
export class ApprovalCostView implements PendingCost {
  @Text() readonly table!: string;
  @Count({ nullable: true, description: 'Days of publish time that are read' }) readonly days!: number | null;
  @Count({ nullable: true, description: 'Bytes that it would process, by dry runs' })
  readonly bytes!: number | null;
  @TextOrNull({ description: 'Why they are not known' }) readonly unknown!: string | null;
}

/** The reason why figures are not newer. */
export class ReadFailureView {
  @Text() readonly code!: string;
  @Text() readonly message!: string;
}

/** The changes that wait, as `pipeline contracts pending --json` prints them, and the age of the figures. */
export class ApprovalsView implements PendingAnswer {
  @ApiProperty({ type: [ApprovalView] }) readonly approvals!: readonly ApprovalView[];
  @Count() readonly total!: number;
  @ApiProperty({ type: [ApprovalCostView] }) readonly costs!: readonly ApprovalCostView[];
  @Instant() readonly readAt!: string;
  @Count({ description: 'Seconds since then' }) readonly ageSeconds!: number;
  @ApiProperty({ type: ReadFailureView, nullable: true }) readonly failure!: ReadFailureView | null;
}
