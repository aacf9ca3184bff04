import type { Command } from 'commander';
import {
  findByColumn,
  findText,
  listEventTables,
  messageOutcomes,
  parseCondition,
  type FindEventsOptions,
} from '@pipeline/books';
import { bytesOption, time, timeOption } from '../command/arguments.js';
import { confirm } from '../command/confirm.js';
import { countOf } from '../command/count-words.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { formatBytes } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';
import { renderFound } from './render-found.js';

interface FindOptions extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly limit: number;
  readonly maxBytes: number;
  readonly yes?: boolean;
}

/** `find`: messages by a value in them, and what became of each. */
export function findCommand(): Command {
  return pipelineCommand('find', {
    summary: 'messages by a value in them, and what became of each',
    description:
      'Searches rows, dead letters and the archive for a text, or the rows for a condition on a column. Prints the ids of the ' +
      'messages and what became of each. It asks before it reads more than --max-bytes.',
    examples: [
      `pipeline find o-1 --local                           a text anywhere in an event or its attributes`,
      `pipeline find 'order_id = "o-1"' --local            a column; names of fields are joined by dots`,
      `pipeline find 'total_amount > 100' --since 1h --json`,
    ],
  })
    .argument('<value>', 'text, or a condition: a column, one of = != < <= > >= LIKE, and "text" or a number')
    .addOption(timeOption('--since <time>', 'published since', '24h'))
    .option('--until <time>', 'published before; now when absent', time)
    .option(
      '--limit <count>',
      'messages to print, the newest first',
      wholeNumber('The limit', 1, 100_000),
      100,
    )
    .addOption(bytesOption('--max-bytes <size>', 'ask before reading more (500MB, 2TB)', '1GB'))
    .option('--yes', 'read more without asking')
    .action((value: string, options: FindOptions) =>
      runCommand(options, (context) => find(value, options, context)),
    );
}

async function find(value: string, options: FindOptions, context: CommandContext): Promise<number> {
  const { sql, now, print, command, progress } = context;
  const { since, until = now, limit } = options;
  if (value.trim() === '') throw new UsageError('An empty text is in every event: name a value.');
  const tables = await listEventTables(sql);
  const scope: FindEventsOptions = {
    span: { from: since, to: until },
    tables,
    limit,
    onEstimate: (estimated) =>
      confirm({
        what: `The search reads ${formatBytes(estimated)}.`,
        yes: options.yes === true || estimated <= options.maxBytes,
        otherwise: 'Allow it with --yes, or choose a shorter span with --since.',
      }),
  };
  progress.show(`Searching ${countOf(tables.length, 'table')}, dead letters and the archive …`);
  const condition = parseCondition(value);
  const { messages, total } =
    condition === null ? await findText(sql, value, scope) : await findByColumn(sql, condition, scope);
  const ids = messages.map(({ messageId }) => messageId);
  const outcomes = await messageOutcomes(sql, ids, { tables, since });
  const found = outcomes.map((outcome, index) => ({
    ...outcome,
    publishedAt: messages[index]?.publishedAt ?? '',
  }));
  print(renderFound(found, { total, since, command }), { total, messages: found });
  return found.length > 0 ? EXIT.OK : EXIT.FOUND;
}
