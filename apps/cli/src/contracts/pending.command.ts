import type { Command } from 'commander';
import {
  listContractTables,
  namedEventTables,
  pendingApprovals,
  type PendingApproval,
} from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { listedOf, textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';

interface PendingCommandOptions extends CommonOptions {
  readonly rejected?: boolean;
  readonly limit: number;
}

/** `contracts pending`: changes that wait for a person. */
export function pendingCommand(): Command {
  return pipelineCommand('pending', {
    summary: 'list changes that wait for an approval',
    description:
      'Lists each change once, however many events ask for it: path, type, values, first message, a sample with letters as x and digits as 9. ' +
      'Read from the rows themselves, so the list is the same for everyone and cannot get lost. Exits with 1 if something waits.',
    examples: ['pipeline contracts pending --local', 'pipeline contracts pending orders --rejected --json'],
  })
    .argument('[table]', 'only this table')
    .option('--rejected', 'list rejected changes too')
    .option('--limit <count>', 'changes to list', wholeNumber('The limit', 1, 10_000), 50)
    .action((table: string | undefined, options: PendingCommandOptions) =>
      runCommand(options, (context) => pending(table, options, context)),
    );
}

async function pending(
  table: string | undefined,
  { rejected = false, limit }: PendingCommandOptions,
  { sql, readSchema, print, command }: CommandContext,
): Promise<number> {
  const tables = table === undefined ? await listContractTables(sql) : await namedEventTables(sql, [table]);
  const found = await pendingApprovals(sql, tables, { readSchema, includeRejected: rejected, limit });
  print(renderPending(found.approvals, found.total, command), found);
  return found.approvals.some(({ rejectedAt }) => rejectedAt === null) ? EXIT.FOUND : EXIT.OK;
}

/** One row for each change, and the command that approves the first. */
export function renderPending(
  approvals: readonly PendingApproval[],
  total: number,
  command: CommandWords,
): string {
  const [first] = approvals;
  if (first === undefined) return 'No change waits for an approval.';
  const rows = approvals.map((approval) => [
    approval.table,
    approval.path,
    approval.kind,
    approval.type,
    approval.values,
    approval.valuesPerHour,
    approval.firstMessageId,
    Object.entries(approval.attributes)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    approval.sample,
    [...approval.warnings, ...(approval.rejectedAt === null ? [] : ['rejected'])].join(' '),
  ]);
  const head = [
    'table',
    'path',
    'kind',
    'type',
    'values',
    'per hour',
    'first message',
    'attributes',
    'sample',
    'look twice',
  ];
  const path = quoted(first.path);
  return [
    textTable(head, rows),
    '',
    ...listedOf(approvals.length, total),
    `Approve the first: ${command(`approve ${quoted(first.table)} ${path}`)}`,
    `Reject it:         ${command(`reject ${quoted(first.table)} ${path} --reason '…'`)}`,
  ].join('\n');
}
