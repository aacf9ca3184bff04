import type { Command } from 'commander';
import {
  BigqueryTableStore,
  PlanReporter,
  readNewTableRefusal,
  type PlanReport,
} from '@pipeline/bigquery-tables';
import type { EventRouting } from '@pipeline/books';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { routingOf, withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { readLineMessage } from '../sources/line-message.js';
import {
  attributesOf,
  SOURCES_HELP,
  withSourceOptions,
  type SourceCommandOptions,
} from '../sources/source-options.js';
import { openSources } from '../sources/sources.js';
import { planSource } from './plan-source.js';
import { renderPlan } from './render-plan.js';

interface PlanOptions extends CommonOptions, EventRouting, SourceCommandOptions {
  readonly offline?: boolean;
}

/** `plan`: what a batch of events would do to the tables, without doing it. */
export function planCommand(): Command {
  return withRouting(
    withSourceOptions(
      pipelineCommand('plan', {
        summary: 'what a batch of events would do to the tables',
        description:
          'Prints what events would do to the tables: tables and columns that would be made or widened, values that would go ' +
          'to _overflow and why, event types that a contract would hold back, and lines that would become dead letters. Nothing is ' +
          'changed. The exit code is 1 when there are such values, types or lines. pipeline backfill shows the same plan and carries it out before it publishes; ' +
          'events that are published one by one may give a column a narrower type at first.',
        examples: [
          'pipeline plan orders.ndjson --local',
          'pipeline plan fixtures/*.ndjson --offline             against no tables at all, without a cloud: for a check in CI',
          'pipeline plan "gs://my-bucket/export/2026-11-*" --json',
          'pipeline plan customers.csv --event-type customer --text-columns zip --local',
        ],
      }).argument('<source...>', SOURCES_HELP),
    ).option('--offline', 'as if there were no tables yet; sends no request'),
  ).action((sources: string[], options: PlanOptions) => {
    const connected = options.offline === true ? { project: 'offline', ...options } : options;
    return runCommand(connected, (context) => runPlan(sources, options, context));
  });
}

async function runPlan(
  sources: readonly string[],
  options: PlanOptions,
  { connection, client, progress, print, signal }: CommandContext,
): Promise<number> {
  const { format, offline = false, textColumns = [] } = options;
  const attributes = attributesOf(options);
  const store = new BigqueryTableStore(client);
  const reporter = new PlanReporter({
    projectId: connection.projectId,
    datasetId: connection.dataset,
    ...routingOf(options),
    readTable: (table) => (offline ? Promise.resolve(null) : store.read(table)),
    ...(offline ? {} : { newTableRefusal: () => readNewTableRefusal(store) }),
  });
  const opened = await openSources(sources, connection, { format, textColumns, isReadTwice: false });
  try {
    await planSource(opened.lines(), {
      reporter,
      toMessage: (line) => readLineMessage(line, format, attributes),
      onProgress: (count) => {
        progress.show(`${count} lines`);
      },
      signal,
    });
  } finally {
    await opened.close();
  }
  const report = reporter.finish();
  print(renderPlan(report), report);
  return isClean(report) ? EXIT.OK : EXIT.FOUND;
}

function isClean({ rejected, tables, unplanned }: PlanReport): boolean {
  return (
    rejected.count === 0 &&
    unplanned === 0 &&
    tables.every(({ conflicts, held }) => conflicts.length === 0 && held === undefined)
  );
}
