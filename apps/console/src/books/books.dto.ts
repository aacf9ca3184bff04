import type { Books, BooksCounts, BooksLine, LedgerHour } from '@pipeline/books';
import { ApiProperty } from '@nestjs/swagger';
import { Count, Instant, Text, TextOrNull } from '../api/properties.js';

/** The equation of the books: received = rows + deadLetters + dismissed + quarantined + inProgress + unaccounted. */
export class CountsView implements BooksCounts {
  @Count() readonly received!: number;
  @Count() readonly rows!: number;
  @Count() readonly deadLetters!: number;
  @Count({ description: 'Dead letters that an operator dismissed' }) readonly dismissed!: number;
  @Count() readonly quarantined!: number;
  @Count() readonly inProgress!: number;
  @Count() readonly unaccounted!: number;
  @Count({ description: 'Rows beyond the first of a message' }) readonly duplicates!: number;
  @Count({ description: 'Messages that have a row and are not in the archive' }) readonly unarchived!: number;
  @Count({ description: 'Messages whose row has another publish time than the archive' })
  readonly mistimed!: number;
}

/** The books of one hour and one table. */
export class LineView extends CountsView implements BooksLine {
  @Instant() readonly hour!: string;
  @TextOrNull() readonly table!: string | null;
}

/** A span of publish time. */
export class SpanView {
  @Instant() readonly from!: string;
  @Instant({ description: 'Exclusive' }) readonly to!: string;
}

/** A message that is nowhere. */
export class UnaccountedView {
  @Text() readonly messageId!: string;
  @Instant() readonly publishedAt!: string;
}

/** A message whose row has another publish time than the archive. */
export class MistimedView extends UnaccountedView {
  @Text() readonly table!: string;
}

/** The books of a span, as `pipeline audit --json` prints them. */
export class BooksView {
  @ApiProperty({ type: SpanView }) readonly span!: SpanView;
  @Instant() readonly auditedAt!: string;
  @ApiProperty({ type: CountsView }) readonly totals!: CountsView;
  @ApiProperty({ type: [LineView], description: 'By hour, then table' }) readonly lines!: readonly LineView[];
  @ApiProperty({ type: [UnaccountedView], description: 'The oldest ones, 1,000 at most' })
  readonly unaccounted!: readonly UnaccountedView[];
  @ApiProperty({ type: [MistimedView], description: 'The oldest ones, 1,000 at most' })
  readonly mistimed!: readonly MistimedView[];
  @Count({ nullable: true }) readonly estimatedBytes!: number | null;
}

/** One hour of publish time as its last audit counted it, all tables together. */
export class LedgerHourView implements LedgerHour {
  @Instant() readonly hour!: string;
  @Count() readonly received!: number;
  @Count() readonly rows!: number;
  @Count() readonly deadLetters!: number;
  @Count() readonly inProgress!: number;
  @Count() readonly unaccounted!: number;
  @Instant() readonly auditedAt!: string;
}

export function toBooksView({ span, auditedAt, ...books }: Books): BooksView {
  return {
    ...books,
    span: { from: span.from.toISOString(), to: span.to.toISOString() },
    auditedAt: auditedAt.toISOString(),
  };
}
