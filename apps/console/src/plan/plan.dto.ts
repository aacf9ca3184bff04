import { ApiProperty } from '@nestjs/swagger';
import type {
  Conflict,
  PlanReport,
  RejectedRow,
  RejectedRows,
  ReportedChange,
  TableReport,
} from '@pipeline/bigquery-tables';
import { Count, Text, TextOrNull } from '../api/properties.js';

class RejectedRowView implements RejectedRow {
  @Count({ description: 'From 1' }) readonly line!: number;
  @Text() readonly code!: RejectedRow['code'];
  @Text() readonly detail!: string;
}

class RejectedRowsView implements RejectedRows {
  @Count() readonly count!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  readonly byCode!: Readonly<Record<string, number>>;
  @ApiProperty({ type: [RejectedRowView] }) readonly samples!: readonly RejectedRowView[];
}

class PlannedChangeView implements ReportedChange {
  @Text() readonly kind!: ReportedChange['kind'];
  @TextOrNull() readonly path!: string | null;
  @TextOrNull() readonly from!: string | null;
  @TextOrNull() readonly to!: string | null;
}

class ConflictSampleView {
  @Text() readonly pointer!: string;
  @Count() readonly line!: number;
}

class ConflictView implements Conflict {
  @Text() readonly reason!: Conflict['reason'];
  @Text() readonly at!: string;
  @Count() readonly count!: number;
  @ApiProperty({ type: ConflictSampleView }) readonly sample!: ConflictSampleView;
}

class ColumnUseView {
  @Count() readonly used!: number;
  @Count() readonly budget!: number;
}

class CapacityWarningView {
  @ApiProperty({ type: [String], description: 'Column names; empty for the table itself' })
  readonly path!: readonly string[];
  @Count() readonly used!: number;
  @Count() readonly limit!: number;
  @Count() readonly percent!: TableReport['warnings'][number]['percent'];
}

class PlannedTableView implements TableReport {
  @Text() readonly table!: string;
  @ApiProperty({ enum: ['create', 'change', 'unchanged', 'unusable'] })
  readonly action!: TableReport['action'];
  @TextOrNull() readonly problem!: string | null;
  @Count() readonly events!: number;
  @ApiProperty({
    enum: ['AWAITING_APPROVAL', 'TABLE_GUARD', 'TYPE_NOT_ALLOWED'],
    required: false,
    description: 'Why no event creates the table: its events go whole to _quarantine, or are dead letters',
  })
  readonly held?: NonNullable<TableReport['held']>;
  @ApiProperty({ type: [String] }) readonly eventTypes!: readonly string[];
  @ApiProperty({ type: [PlannedChangeView] }) readonly changes!: readonly PlannedChangeView[];
  @ApiProperty({ type: [String] }) readonly ddl!: readonly string[];
  @ApiProperty({ type: [ConflictView] }) readonly conflicts!: readonly ConflictView[];
  @ApiProperty({ type: ColumnUseView }) readonly columns!: ColumnUseView;
  @ApiProperty({ type: [CapacityWarningView] }) readonly warnings!: readonly CapacityWarningView[];
}

/** The effect of events on the tables, as `pipeline plan --json` prints it. */
export class PlanView implements PlanReport {
  @Count() readonly events!: number;
  @ApiProperty({ type: RejectedRowsView }) readonly rejected!: RejectedRowsView;
  @ApiProperty({ type: [PlannedTableView] }) readonly tables!: readonly PlannedTableView[];
  @Count({ description: 'Events of more tables than one plan takes' }) readonly unplanned!: number;
}
