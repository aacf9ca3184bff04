import type { Command } from 'commander';
import { BigqueryTableStore, PlanReporter, readPlanLine, type PlanReport } from '@pipeline/bigquery-tables';
import type { EventRouting } from '@pipeline/books';
import { linesOf } from '../backfill/sources.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { routingOf, withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { renderPlan } from './render-plan.js';

interface PlanOptions extends CommonOptions, EventRouting {
  readonly format: string;
  readonly offline?: boolean;
}

/** `plan`: what a batch of events would do to the tables, without doing it. */
export function planCommand(): Command {
  return withRouting(
    pipelineCommand('plan', {
      summary: 'what a batch of events would do to the tables',
      description:
        'Prints what events would do to the tables: tables and columns that would be made or widened, values that would go ' +
        'to _overflow and why, and lines that would become dead letters. Nothing is changed. The exit code is 1 when ' +
        'there are such values or lines.',
      examples: [
        'pipeline plan orders.ndjson --local',
        'pipeline plan fixtures/*.ndjson --offline             against no tables at all, without a cloud: for a check in CI',
        'pipeline plan "gs://my-bucket/export/2026-11-*" --json',
      ],
    })
      .argument(
        '<source...>',
        'NDJSON or JSON array files, plain or gzip-compressed, gs:// addresses, or - for stdin',
      )
      .option(
        '--format <what>',
        'event: each line is an event; message: a Pub/Sub message with data and attributes',
        'event',
      )
      .option('--offline', 'as if there were no tables yet; sends no request'),
  ).action((sources: string[], options: PlanOptions) => {
    const connected = options.offline === true ? { project: 'offline', ...options } : options;
    return runCommand(connected, (context) => runPlan(sources, options, context));
  });
}

async function runPlan(
  sources: readonly string[],
  options: PlanOptions,
  { connection, client, progress, print }: CommandContext,
): Promise<number> {
  const { format, offline = false } = options;
  if (format !== 'event' && format !== 'message') throw new UsageError('--format takes event or message.');
  const store = new BigqueryTableStore(client);
  const reporter = new PlanReporter({
    projectId: connection.projectId,
    datasetId: connection.dataset,
    ...routingOf(options),
    readTable: (table) => (offline ? Promise.resolve(null) : store.read(table)),
  });
  for await (const { number, bytes } of await linesOf(sources, connection)) {
    const line = readPlanLine(bytes, format);
    if (line.kind === 'rejected') {
      reporter.reject({ line: number, code: 'ENVELOPE_INVALID', detail: line.detail });
    } else if (line.kind === 'message') {
      await reporter.take(line.message, number);
    }
    if (number % 1_000 === 0) progress.show(`${number} lines`);
  }
  const report = reporter.finish();
  print(renderPlan(report), report);
  return isClean(report) ? EXIT.OK : EXIT.FOUND;
}

function isClean({ rejected, tables, unplanned }: PlanReport): boolean {
  return rejected.count === 0 && unplanned === 0 && tables.every(({ conflicts }) => conflicts.length === 0);
}
