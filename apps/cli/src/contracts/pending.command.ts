import { approvalCosts, BigqueryTableStore } from '@pipeline/bigquery-tables';
import type { Command } from 'commander';
import {
  joinPending,
  listContractTables,
  namedEventTables,
  pendingApprovals,
  pendingTypes,
  type PendingApproval,
  type PendingApprovals,
  type PendingCost,
} from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import { quoted, type CommandWords } from '../command/command-line.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { formatBytes, listedOf, textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';

interface PendingCommandOptions extends CommonOptions {
  readonly rejected?: boolean;
  readonly limit: number;
  readonly cost: boolean;
}

/** `contracts pending`: changes that wait for a person. */
export function pendingCommand(): Command {
  return pipelineCommand('pending', {
    summary: 'list changes and event types that wait for an approval',
    description:
      'Lists each change once, however many events ask for it: path, type, values, first message, a sample with letters as x and digits as 9; ' +
      'event types (kind type, with their events as values) first. ' +
      'What an approval would process is estimated by dry runs, once for each table. ' +
      'Read from the rows themselves, so the list is the same for everyone and cannot get lost. Exits with 1 if something waits.',
    examples: ['pipeline contracts pending --local', 'pipeline contracts pending orders --rejected --json'],
  })
    .argument('[table]', 'only this table, or this event type')
    .option('--rejected', 'list rejected changes too')
    .option('--limit <count>', 'changes to list', wholeNumber('The limit', 1, 10_000), 50)
    .option('--no-cost', 'do not estimate what an approval would process, which takes a query and dry runs')
    .action((table: string | undefined, options: PendingCommandOptions) =>
      runCommand(options, (context) => pending(table, options, context)),
    );
}

async function pending(
  table: string | undefined,
  { rejected = false, limit, cost }: PendingCommandOptions,
  { client, sql, readSchema, print, command }: CommandContext,
): Promise<number> {
  const chosen = { includeRejected: rejected, limit };
  const types = await pendingTypes(sql, { ...chosen, ...(table === undefined ? {} : { name: table }) });
  const tables = await changedTables(sql, table, types.total > 0);
  const changes = await pendingApprovals(sql, tables, { readSchema, ...chosen });
  const found = joinPending(types, changes, limit);
  const priced = cost ? tablesOf(found.approvals) : [];
  const costs = await approvalCosts({ sql, store: new BigqueryTableStore(client) }, priced);
  print(renderPending(found, command, costs), cost ? { ...found, costs } : found);
  return found.approvals.some(({ rejectedAt }) => rejectedAt === null) ? EXIT.FOUND : EXIT.OK;
}

/** The tables of changes, each once: an approval of an event type moves no values. */
function tablesOf(approvals: readonly PendingApproval[]): readonly string[] {
  return [...new Set(approvals.flatMap(({ kind, table }) => (kind === 'type' ? [] : [table])))];
}

/** The tables whose changes are listed: all, the one that is named, or none if the name is that of an event type. */
async function changedTables(
  sql: Sql,
  table: string | undefined,
  isType: boolean,
): Promise<readonly string[]> {
  if (table === undefined) return listContractTables(sql);
  return isType ? [] : namedEventTables(sql, [table]);
}

/** One row for each change, and the command that approves the first. */
export function renderPending(
  { approvals, total }: PendingApprovals,
  command: CommandWords,
  costs: readonly PendingCost[],
): string {
  const [first] = approvals;
  if (first === undefined) return 'No change waits for an approval.';
  const costOf = new Map(costs.map((cost) => [cost.table, cost]));
  const rows = approvals.map((approval) => [
    approval.table,
    approval.eventType ?? approval.path,
    approval.kind,
    approval.type,
    approval.values,
    approval.valuesPerHour,
    costText(approval, costOf.get(approval.table)),
    approval.firstMessageId,
    Object.entries(approval.attributes)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    approval.sample,
    [...approval.warnings, ...(approval.rejectedAt === null ? [] : ['rejected'])].join(' '),
  ]);
  const head = [
    'table',
    'path or event type',
    'kind',
    'type',
    'values',
    'per hour',
    'to approve',
    'first message',
    'attributes',
    'sample',
    'look twice',
  ];
  const target =
    first.kind === 'type'
      ? quoted(first.eventType ?? first.table)
      : `${quoted(first.table)} ${quoted(first.path)}`;
  return [
    textTable(head, rows),
    '',
    ...listedOf(approvals.length, total),
    ...costs.flatMap(({ table, unknown }) =>
      unknown === null ? [] : [`The cost of an approval in ${table} is unknown: ${unknown}`],
    ),
    `Approve the first: ${command(`approve ${target}`)}`,
    `Reject it:         ${command(`reject ${target} --reason '…'`)}`,
  ].join('\n');
}

/** The bytes of an approval; an empty cell for an event type, or if no estimate was wanted. */
function costText({ kind }: PendingApproval, cost: PendingCost | undefined): string | null {
  if (kind === 'type' || cost === undefined) return null;
  return cost.bytes === null ? 'unknown' : formatBytes(cost.bytes);
}
