import type { Command } from 'commander';
import { namedEventTables } from '@pipeline/books';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { withRouting } from '../command/routing-options.js';
import { approveType, rejectType, type TypeOptions } from './decide-type.js';
import { createDecidingTools } from './deciding-tools.js';
import { replayTopicOption } from './releasing.js';
import { renderDecision } from './render-decision.js';

interface DecideOptions extends CommonOptions {
  readonly reason?: string;
}

type DecideTypeOptions = DecideOptions & TypeOptions;

interface Asked {
  readonly table: string;
  readonly path: string;
}

/** `approve`: makes a change that waits, and moves its values. */
export function approveCommand(): Command {
  return withTypeOptions(
    pipelineCommand('approve', {
      summary: 'approve a change or an event type that a contract holds back',
      description:
        'Adds the column, or widens its type, for the values at PATH that wait in _overflow as AWAITING_APPROVAL, and moves them in the same ' +
        'run. The type is that of all values that wait. A record that does not exist yet gets only the field that is named. The decision is ' +
        'recorded in _schema_history. Safe beside other deciders, and to be interrupted and run again. Without PATH it approves an event type: ' +
        'its table is created with the columns of its first events, and the messages that wait for it (in _quarantine, or as dead letters ' +
        'TYPE_NOT_ALLOWED) are replayed until each is a row.',
      examples: [
        'pipeline contracts pending                     what waits',
        'pipeline approve orders /discount',
        'pipeline approve orders items.sku --reason "finance needs it"',
        'pipeline approve invoice.created               an event type',
      ],
    })
      .argument('<table>', 'the table, or without a path an event type')
      .argument('[path]', 'the path as contracts pending prints it, or keys joined by dots')
      .option('--reason <text>', 'the reason, for the history'),
  ).action((table: string, path: string | undefined, options: DecideTypeOptions) =>
    runCommand(
      options,
      (context) =>
        path === undefined
          ? approveType(table, options.reason ?? null, options, context)
          : approve({ table, path }, options, context),
      { finishesOnInterrupt: path === undefined },
    ),
  );
}

function withTypeOptions(command: Command): Command {
  return withRouting(command.addOption(replayTopicOption()));
}

/** `reject`: records that values stay in `_overflow`. */
export function rejectCommand(): Command {
  return withTypeOptions(
    pipelineCommand('reject', {
      summary: 'reject a change or an event type that a contract holds back',
      description:
        'Takes the change off the list of contracts pending. Its values stay in _overflow, exactly, and so do those to come; nothing is deleted. ' +
        'pipeline approve undoes it at any time. The decision is recorded in _schema_history. Without PATH it rejects an event type: its ' +
        'messages stay whole in _quarantine.',
      examples: [
        'pipeline reject orders /debug --reason "debug output of one producer"',
        'pipeline reject trial.event --reason "a test of one team"',
      ],
    })
      .argument('<table>', 'the table, or without a path an event type')
      .argument('[path]', 'the path as contracts pending prints it, or keys joined by dots')
      .option('--reason <text>', 'the reason, for the history (required)'),
  ).action((table: string, path: string | undefined, options: DecideTypeOptions) =>
    runCommand(options, (context) =>
      path === undefined
        ? rejectType(table, requiredReason(options), options, context)
        : reject({ table, path }, options, context),
    ),
  );
}

/** @throws UsageError if there is none */
function requiredReason({ reason }: DecideOptions): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new UsageError(
    'Why is it rejected? Name the reason with --reason: it is what the producer reads in the history.',
  );
}

async function approve(
  { table, path }: Asked,
  { reason }: DecideOptions,
  { client, sql, print, progress }: CommandContext,
): Promise<number> {
  const [tableId = table] = await namedEventTables(sql, [table]);
  progress.show('Moving values …');
  const result = await createDecidingTools(client).approver.approve(tableId, path, reason ?? null);
  print(renderDecision(result, { table: tableId, path }), result);
  return result.kind === 'approved' && result.left > 0 ? EXIT.FOUND : EXIT.OK;
}

async function reject(
  { table, path }: Asked,
  options: DecideOptions,
  { client, sql, print }: CommandContext,
): Promise<number> {
  const reason = requiredReason(options);
  const [tableId = table] = await namedEventTables(sql, [table]);
  const result = await createDecidingTools(client).approver.reject(tableId, path, reason);
  print(renderDecision(result, { table: tableId, path }), result);
  return result.kind === 'exists' ? EXIT.FOUND : EXIT.OK;
}
