import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { Count, Flag, Text } from '../api/properties.js';

/** A process of this machine. */
export class AddressView {
  @Text() readonly name!: string;
  @Text() readonly url!: string;
}

/** A fault in force. */
export class FaultView {
  @Text() readonly id!: string;
  @Text({ example: 'AppendRows' }) readonly method!: string;
  @ApiProperty({ type: Number, description: 'Share of the calls that it hits' }) readonly rate!: number;
  @Count({ description: 'Calls that it hit' }) readonly hits!: number;
  @Text({ example: 'error' }) readonly effect!: string;
}

/** The local cloud of this machine: addresses and switches. */
export class LocalCloudView {
  @ApiProperty({ type: [AddressView] }) readonly addresses!: readonly AddressView[];
  @Count({ description: 'How long writers do not see new tables and columns' })
  readonly metadataLagMs!: number;
  @Flag({ description: 'Changes of a table are limited as BigQuery limits them' })
  readonly metadataRateLimit!: boolean;
  @ApiProperty({ type: [FaultView] }) readonly faults!: readonly FaultView[];
}

const FAULT_KINDS = ['refused', 'slow', 'broken', 'quota'] as const;

/** A fault to add. */
export class AddFaultBody {
  @Text({
    enum: FAULT_KINDS,
    description:
      '`refused`: each fourth append fails; `slow`: appends take 2 s more; `broken`: each tenth breaks the connection; `quota`: no table can be changed',
  })
  @IsIn(FAULT_KINDS)
  readonly kind!: (typeof FAULT_KINDS)[number];
}

/** The lag of metadata. */
export class SetLagBody {
  @Count({ minimum: 0, maximum: 600_000 })
  @IsInt()
  @Min(0)
  @Max(600_000)
  readonly milliseconds!: number;
}

/** A switch. */
export class SwitchBody {
  @Flag()
  @IsBoolean()
  readonly enabled!: boolean;
}
