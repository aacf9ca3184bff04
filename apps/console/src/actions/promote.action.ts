import type { PromotionRun } from '@pipeline/bigquery-tables';
import { namedEventTables } from '@pipeline/books';
import { IsString, MaxLength } from 'class-validator';
import type { Identity } from '../access/access.js';
import { Text } from '../api/properties.js';
import { SpanQuery, toSpan } from '../api/span.query.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';

/** Values of a table that wait for their columns. */
export class PromoteInput extends SpanQuery {
  @Text({ description: 'Name of an event table', example: 'orders' })
  @IsString()
  @MaxLength(1_024)
  readonly table!: string;
}

/** `pipeline promote`: values move from `_overflow` to columns that have come since. */
export class PromoteAction implements ActionKind<PromoteInput> {
  readonly name = 'promote';
  readonly role = 'operator';
  readonly Input = PromoteInput;

  constructor(private readonly tools: ActionTools) {}

  async preview({ table, ...query }: PromoteInput, identity: Identity): Promise<Previewed> {
    const { sql, now } = this.tools.warehouse;
    const tables = await namedEventTables(sql, [table]);
    const { from } = toSpan(query, now(), '30d');
    const { promoter } = this.tools.tables(identity);
    const promote = (isDryRun: boolean): Promise<PromotionRun> =>
      promoter.run({
        tables,
        scope: 'all',
        publishedSince: from,
        changedSince: now(),
        isDryRun,
        endsAtMs: Infinity,
      });
    return { input: { table, since: from }, figures: await promote(true), run: () => promote(false) };
  }
}
