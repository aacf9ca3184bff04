import type { Command } from 'commander';
import { bytesOption, timeOption } from '../command/arguments.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { withRouting } from '../command/routing-options.js';
import { runCommand } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { SOURCES_HELP, withSourceOptions } from '../sources/source-options.js';
import type { BackfillCommandOptions } from './backfill-options.js';
import { runBackfill } from './run-backfill.js';

/** `backfill`: events from files through the topic, as if they were published today. */
export function backfillCommand(): Command {
  const command = pipelineCommand('backfill', {
    summary: 'events from files through the topic',
    description:
      'Reads the whole source, shows what its events would do to the tables, as pipeline plan does, makes those tables and columns, ' +
      'and publishes the events at a given rate. So all events together decide the types of columns, not the first ' +
      'one alone. On a terminal it asks before it changes anything. Each run has a row in _backfills.',
    examples: [
      'pipeline backfill orders.ndjson --event-type order --rate 500 --local',
      'pipeline backfill "gs://my-bucket/export/2026-11-*" --attribute source=import --yes',
      'cat old/*.ndjson.gz | pipeline backfill - --rate 100 --yes',
      'pipeline backfill customers.csv --event-type customer --text-columns zip --local',
      'pipeline backfill orders.ndjson --skip 12000    go on where an interrupted one stopped',
      'pipeline backfill orders.ndjson --skip-known    publish only what has not arrived yet',
      'pipeline backfill orders.ndjson --ids ids.ndjson    which message each line became',
      'pipeline backfill mended.ndjson --format dead-letters    what pipeline dead-letters export wrote',
    ],
  }).argument('<source...>', SOURCES_HELP);
  return withRouting(withSourceOptions(command))
    .option('--rate <per-second>', 'events per second', wholeNumber('A rate', 1, 100_000), 100)
    .option('--skip <lines>', 'lines to leave out, over all sources', wholeNumber('Lines', 0, 1e15), 0)
    .option(
      '--skip-known',
      'leave out messages that have arrived: by their id if the source has it, else by their bytes in the archive',
    )
    .addOption(timeOption('--known-since <time>', 'with --skip-known: read the archive from here on', '31d'))
    .addOption(
      bytesOption('--max-bytes <size>', 'with --skip-known: ask before reading more (500MB, 2TB)', '1GB'),
    )
    .option(
      '--keep-ids',
      'publish to the replay topic under the ids that the source has: what has a row stays one event',
    )
    .option(
      '--no-plan',
      'publish at once, without a plan; columns get the types of the events that come first',
    )
    .option('--yes', 'do not ask')
    .option('--ids <file>', 'write source, line and message id of each event to this NDJSON file')
    .option('--topic <name>', 'topic to publish to', process.env['TOPIC'] ?? 'backend-events-topic')
    .option(
      '--replay-topic <name>',
      'topic of --keep-ids',
      process.env['REPLAY_TOPIC'] ?? 'backend-events-replay',
    )
    .action((sources: string[], options: BackfillCommandOptions) =>
      runCommand(options, (context) => runBackfill(sources, options, context), { finishesOnInterrupt: true }),
    );
}
