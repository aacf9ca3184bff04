import type { Command } from 'commander';
import { createTableTools, type PromotedDay } from '@pipeline/bigquery-tables';
import { namedEventTables } from '@pipeline/books';
import { bytesOption } from '../command/arguments.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { CLI_ACTOR } from '../command/version.js';
import { refusalWords, renderRetype } from './render-retype.js';
import { toWish } from './retype-wish.js';

interface RetypeOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly numbersAsText?: boolean;
  readonly maxBytes: number;
}

/** `retype`: another type for a column, and every value with it. */
export function retypeCommand(): Command {
  return pipelineCommand('retype', {
    summary: 'give a column another type and move its values',
    description:
      'Undoes a type that a wrong first value decided. The column is marked as retired, a new one (NAME__v2) takes its event key, and ' +
      'every value moves to it: from the retired column and from _overflow, for all days. Rows land meanwhile as always. A value that ' +
      'the new type does not hold goes to _overflow. Once the retired column has been empty for an hour, it is taken away and the new ' +
      'one gets its name: by the nightly promotion, or by this command. Can be interrupted and run again at any point.',
    examples: [
      'pipeline retype orders total_amount NUMERIC --dry-run     count what would move, and what would not fit',
      'pipeline retype orders items.price NUMERIC                a field of an array, which BigQuery cannot widen',
      'pipeline retype orders zip_code STRING --numbers-as-text  numbers become their text',
    ],
  })
    .argument('<table>', 'the table')
    .argument('<column>', 'the column, or a field by its path: items.price')
    .argument(
      '<type>',
      'BOOL, INT64, NUMERIC, BIGNUMERIC, FLOAT64, STRING, DATE, DATETIME, TIMESTAMP, JSON or ARRAY<…>',
    )
    .option('--dry-run', 'count the values, and change nothing')
    .option('--numbers-as-text', 'with STRING: take numbers as their text')
    .addOption(bytesOption('--max-bytes <size>', 'bytes that it may process in a day (500MB, 2TB)', '1TB'))
    .action((table: string, column: string, type: string, options: RetypeOptions) =>
      runCommand(options, (context) => retype({ table, column, type }, options, context)),
    );
}

async function retype(
  { table, column, type }: { readonly table: string; readonly column: string; readonly type: string },
  { dryRun = false, numbersAsText = false, maxBytes }: RetypeOptions,
  { client, sql, print, progress }: CommandContext,
): Promise<number> {
  const wish = toWish(column, type, numbersAsText);
  const [tableId = table] = await namedEventTables(sql, [table]);
  progress.show(dryRun ? 'Counting values …' : 'Moving values …');
  const { retyper } = createTableTools(client, { actor: CLI_ACTOR, maxBytes });
  const result = await retyper.retype(tableId, wish, { isDryRun: dryRun });
  if (result.kind === 'refused') throw refusalWords(result, { table: tableId, column });
  print(renderRetype(result, { table: tableId, column, type }), result);
  if (result.kind !== 'retyped') return EXIT.OK;
  const isOpen = ({ outcome }: PromotedDay): boolean => outcome === 'deferred' || outcome === 'failed';
  const isWell = result.left === 0 && !result.run.days.some(isOpen);
  return isWell ? EXIT.OK : EXIT.FOUND;
}
