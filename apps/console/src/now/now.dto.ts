import { ApiProperty } from '@nestjs/swagger';
import { Count, Flag, Instant, Text, TextOrNull } from '../api/properties.js';
import { CountsView, SpanView } from '../books/books.dto.js';
import type { Concern } from './concerns.js';

/** Something that an operator should look at. */
export class ConcernView implements Concern {
  @Text({ enum: ['unaccounted', 'mistimed', 'dead-letters', 'quarantined', 'overflow'] })
  readonly kind!: Concern['kind'];
  @Text({ enum: ['critical', 'warning', 'notice'] }) readonly severity!: Concern['severity'];
  @Count() readonly count!: number;
  @TextOrNull() readonly table!: string | null;
  @TextOrNull() readonly reason!: string | null;
  @TextOrNull({ description: 'Place in the event' }) readonly path!: string | null;
  @TextOrNull({ description: 'A message as an example' }) readonly sampleMessageId!: string | null;
}

/** One table now: its books of the span, and the last hour. */
export class TableNowView extends CountsView {
  @TextOrNull({ description: 'null for messages without a table' }) readonly table!: string | null;
  @Count({ description: 'Rows published in the last whole minute' }) readonly rowsLastMinute!: number;
  @Count({
    nullable: true,
    description: 'Longest time from publishing to the row in the last hour, in milliseconds',
  })
  readonly longestLagMs!: number | null;
  @TextOrNull() readonly lastPublishedAt!: string | null;
}

/** Rows of all tables published in one minute. */
export class MinuteView {
  @Instant() readonly start!: string;
  @Count() readonly rows!: number;
  @Count() readonly longestLagMs!: number;
}

/** The state of the pipeline. */
export class NowView {
  @Instant() readonly takenAt!: string;
  @Count({ description: 'Seconds until the figures are read again' }) readonly refreshSeconds!: number;
  @Flag({ description: 'True for the local cloud' }) readonly isLocal!: boolean;
  @ApiProperty({ type: SpanView }) readonly span!: SpanView;
  @ApiProperty({ type: CountsView }) readonly totals!: CountsView;
  @ApiProperty({ type: [ConcernView], description: 'The worst first' })
  readonly concerns!: readonly ConcernView[];
  @ApiProperty({ type: [TableNowView] }) readonly tables!: readonly TableNowView[];
  @ApiProperty({ type: [MinuteView], description: 'The last hour, minutes without rows left out' })
  readonly minutes!: readonly MinuteView[];
}
