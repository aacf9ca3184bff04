import type { Command } from 'commander';
import { createTableTools } from '@pipeline/bigquery-tables';
import { namedEventTables } from '@pipeline/books';
import { bytesOption, timeOption } from '../command/arguments.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { CLI_ACTOR } from '../command/version.js';
import { renderPromotion } from './render-promotion.js';

interface PromoteOptions extends CommonOptions {
  readonly since: Date;
  readonly dryRun?: boolean;
  readonly maxBytes: number;
}

/** Bytes that one table may cost a day; the setting PROMOTION_MAX_BYTES of table-manager has the same default. */
const DEFAULT_MAX_BYTES = '100GB';

/** `promote`: values move from `_overflow` to their columns. */
export function promoteCommand(): Command {
  return pipelineCommand('promote', {
    summary: 'move values that wait in _overflow to the columns that have come since',
    description:
      'Fits the rows that have an _overflow to the columns as they are now, and moves the values that have a column. ' +
      'table-manager does this every minute for tables that changed lately; this command does it at once, for older rows too. ' +
      'Columns that do not exist are left to table-manager. Safe at any time, and to be interrupted.',
    examples: [
      'pipeline promote --local                       every table of npm start',
      'pipeline promote orders --dry-run              only count what would move, and what the read costs',
      'pipeline promote orders --since 2026-01-01     rows published from here on',
    ],
  })
    .argument('[table]', 'only this table')
    .addOption(
      timeOption('--since <time>', 'rows published from here on: 30d, 2026-11-23 or a full time', '30d'),
    )
    .option('--dry-run', 'count the values that would move, and change nothing')
    .addOption(
      bytesOption(
        '--max-bytes <size>',
        'bytes that it may process for one table in a day (500MB, 2TB)',
        DEFAULT_MAX_BYTES,
      ),
    )
    .action((table: string | undefined, options: PromoteOptions) =>
      runCommand(options, (context) => promote(table, options, context)),
    );
}

async function promote(
  table: string | undefined,
  { since, dryRun = false, maxBytes }: PromoteOptions,
  { client, sql, print, progress, now, connection }: CommandContext,
): Promise<number> {
  const tables = table === undefined ? {} : { tables: await namedEventTables(sql, [table]) };
  const { promoter } = createTableTools(client, { actor: CLI_ACTOR, maxBytes });
  progress.show('Looking for values that wait …');
  const run = await promoter.run({
    ...tables,
    scope: 'all',
    publishedSince: since,
    changedSince: now,
    isDryRun: dryRun,
    endsAtMs: Infinity,
  });
  print(renderPromotion(run, { isDryRun: dryRun, isLocal: connection.isLocal }), run);
  const isWell = run.days.every(({ outcome }) => !['failed', 'deferred', 'blocked'].includes(outcome));
  return isWell ? EXIT.OK : EXIT.FOUND;
}
