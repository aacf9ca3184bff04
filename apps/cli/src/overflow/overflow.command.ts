import type { Command } from 'commander';
import { listEventTables, namedEventTables, overflowGroups, type OverflowGroup } from '@pipeline/books';
import { time, timeOption } from '../command/arguments.js';
import { quoted, type CommandWords } from '../command/command-line.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { listedOf, textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';
import { remedyFor } from './overflow-remedy.js';

const MAX_REMEDIES = 10;

interface OverflowOptions extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly limit: number;
}

/** `overflow`: values that are in `_overflow`, by table, path and reason. */
export function overflowCommand(): Command {
  return pipelineCommand('overflow', {
    summary: 'values that no column holds: which, why, and what would end it',
    description:
      'Groups the values in _overflow by table, path and reason: how many, first and last seen, a message as a sample, and ' +
      'what would end it. The exit code is 1 when there are any.',
    examples: [
      'pipeline overflow --local',
      'pipeline overflow orders --since 7d',
      'pipeline overflow --since 1h --json',
    ],
  })
    .argument('[table]', 'only this table')
    .addOption(timeOption('--since <time>', 'published since', '24h'))
    .option('--until <time>', 'published before; now when absent', time)
    .option('--limit <count>', 'groups to print, the largest first', wholeNumber('The limit', 1, 100_000), 50)
    .action((table: string | undefined, options: OverflowOptions) =>
      runCommand(options, (context) => overflow(table, options, context)),
    );
}

async function overflow(
  table: string | undefined,
  { since, until, limit }: OverflowOptions,
  { sql, now, print, command }: CommandContext,
): Promise<number> {
  const to = until ?? now;
  if (since >= to) throw new UsageError('--since is not before --until.');
  const tables = table === undefined ? await listEventTables(sql) : await namedEventTables(sql, [table]);
  const groups = await overflowGroups(sql, tables, { from: since, to });
  const shown = groups.slice(0, limit).map((group) => ({ ...group, remedy: remedyFor(group, command) }));
  print(renderOverflow(shown, groups.length, command), { total: groups.length, groups: shown });
  return groups.length === 0 ? EXIT.OK : EXIT.FOUND;
}

/** Groups with what would end them. */
export function renderOverflow(
  groups: readonly (OverflowGroup & { readonly remedy: string })[],
  total: number,
  command: CommandWords,
): string {
  const [first] = groups;
  if (first === undefined) return 'No value overflowed in this period: every value is in a column.';
  const table = textTable(
    ['table', 'path', 'reason', 'values', 'first seen', 'last seen', 'sample'],
    groups.map((group) => [
      group.table,
      group.path,
      group.reason,
      group.values,
      toMinute(group.firstSeen),
      toMinute(group.lastSeen),
      group.sampleMessageId,
    ]),
  );
  const all = [...new Set(groups.map(({ remedy }) => remedy))];
  const left = all.length - MAX_REMEDIES;
  const remedies = [
    ...all.slice(0, MAX_REMEDIES),
    ...(left > 0 ? [`and ${left} more remedies (--json has them all)`] : []),
  ];
  return [
    table,
    '',
    ...listedOf(groups.length, total),
    ...remedies,
    `One of them in full: ${command(`explain ${quoted(first.sampleMessageId)}`)}`,
  ].join('\n');
}

function toMinute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}
