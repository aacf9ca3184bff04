import { BigqueryTableStore, readNewTableRefusal } from '@pipeline/bigquery-tables';
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import {
  createPace,
  deadLetterCandidates,
  DEFAULT_IN_PROGRESS_MS,
  editEvent,
  Forecaster,
  listEventTables,
  parseJsonPatch,
  quarantinedCandidates,
  replay,
  ReplayTally,
  splitEvents,
  unaccountedCandidates,
  type EventRouting,
  type JsonPatch,
  type ReplayCandidate,
  type Revision,
} from '@pipeline/books';
import { PubsubPublisher } from '@pipeline/google-clients';
import { collect, time, timeOption } from '../command/arguments.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { routingOf, withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { filterOf } from '../dead-letters/dead-letter-filter.js';
import { reasonOption } from '../dead-letters/reasons.js';
import { renderReplay } from './replay-summary.js';

interface ReplayCommandOptions extends CommonOptions, EventRouting {
  readonly since: Date;
  readonly until?: Date;
  readonly reason?: string;
  readonly table?: string;
  readonly eventType?: string;
  readonly attribute?: readonly string[];
  readonly edit?: JsonPatch;
  readonly split?: boolean;
  readonly id?: readonly string[];
  readonly unaccounted?: boolean;
  readonly dismissed?: boolean;
  readonly quarantined?: boolean;
  readonly inProgressSeconds: number;
  readonly limit: number;
  readonly rate?: number;
  readonly changed?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly topic: string;
  readonly eventsTopic: string;
}

/** `replay`: publishes dead letters, quarantined and unaccounted messages again. */
export function replayCommand(): Command {
  return withRouting(
    pipelineCommand('replay', {
      summary: 'publish dead letters, quarantined and unaccounted messages again',
      description:
        'Publishes dead letters, or quarantined or unaccounted messages, again. Each keeps its message id, so that replaying twice is still one ' +
        'event. A message that has a row is not replayed, so an interrupted replay continues with the same command. A message ' +
        'that would be a dead letter again, or has had four attempts, needs --force.',
      examples: [
        'pipeline replay --dry-run --local                       the outcome of a replay of 7 days',
        'pipeline replay --reason APPEND_REJECTED --table orders --rate 100',
        'pipeline replay --id 12345678                           one message',
        'pipeline replay --unaccounted --since 24h               what audit names, from the archive',
        'pipeline replay --quarantined --event-type NEW          what _quarantine holds, after its label was removed',
        `pipeline replay --reason EVENT_TYPE_MISSING --edit '[{"op":"add","path":"/event_type","value":"order"}]'`,
        'pipeline replay --reason NOT_AN_OBJECT --split          one message for each element of an array',
      ],
    })
      .addOption(
        timeOption('--since <time>', 'dead (with --unaccounted and --quarantined: published) since', '7d'),
      )
      .option('--until <time>', 'dead or published before', time)
      .addOption(reasonOption('only dead letters with this reason', { alsoQuarantine: true }))
      .option(
        '--dismissed',
        'only dead letters that are dismissed; without it, and without --id, they are left out',
      )
      .option('--table <name>', 'only dead letters of this table')
      .option('--event-type <type>', 'only dead letters of this event type')
      .option(
        '--attribute <name=value>',
        'only dead letters with this attribute; may be given several times',
        collect,
      )
      .option(
        '--edit <patch>',
        'publish an edited copy as a new message: a JSON Patch (RFC 6902), or @FILE with one; the original stays as it is',
        patch,
      )
      .option(
        '--split',
        'publish each element of an array, or each line, as a new message; the original stays as it is',
      )
      .option('--id <message-id>', 'only this message; may be given several times', collect)
      .option('--unaccounted', 'messages of the archive that are neither row nor dead letter')
      .option(
        '--quarantined',
        'messages of _quarantine that are neither row nor dead letter; --reason, --table and --event-type limit them too',
      )
      .option(
        '--in-progress-seconds <seconds>',
        'with --unaccounted: younger ones are in progress',
        wholeNumber('The time', 0, 604_800),
        DEFAULT_IN_PROGRESS_MS / 1_000,
      )
      .option('--limit <count>', 'messages to look at', wholeNumber('The limit', 1, 10_000_000), 100_000)
      .option(
        '--rate <per-second>',
        'messages per second; as fast as it goes when absent',
        wholeNumber('A rate', 1, 100_000),
      )
      .option('--changed', 'only dead letters whose table has changed since: what kept them out may be gone')
      .option('--dry-run', 'fit each against today’s schema and print the outcome; publish nothing')
      .option('--force', 'replay also what would be a dead letter again or has had four attempts')
      .option('--topic <name>', 'topic to publish to', process.env['REPLAY_TOPIC'] ?? 'backend-events-replay')
      .option(
        '--events-topic <name>',
        'topic of edited and split copies',
        process.env['TOPIC'] ?? 'backend-events-topic',
      ),
  ).action((options: ReplayCommandOptions) =>
    runCommand(options, (context) => runReplay(options, context), { finishesOnInterrupt: true }),
  );
}

async function runReplay(options: ReplayCommandOptions, context: CommandContext): Promise<number> {
  const { connection, client, progress, readSchema, signal, print, command } = context;
  const { dryRun = false, force = false, rate } = options;
  checkOptions(options);
  const revise = revisionOf(options);
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic: revise === undefined ? options.topic : options.eventsTopic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  const tally = new ReplayTally();
  await replay(await candidatesOf(options, context), {
    forecaster: new Forecaster({
      readSchema,
      ...routingOf(options),
      newTypes: () => readNewTableRefusal(new BigqueryTableStore(client)),
    }),
    publisher,
    dryRun,
    force,
    ...(revise === undefined ? {} : { revise }),
    signal,
    ...(rate === undefined ? {} : { pace: createPace(rate) }),
    onStep: (step) => {
      tally.add(step);
      const { published, wouldPublish } = tally.summary();
      progress.show(dryRun ? `${wouldPublish} would be replayed` : `${published} replayed`);
    },
  });
  await publisher.close();
  const summary = tally.summary();
  print(renderReplay(summary, { dryRun, interrupted: signal.aborted, command }), summary);
  if (signal.aborted) return EXIT.INTERRUPTED;
  return summary.hopeless + summary.refused + summary.impossible === 0 ? EXIT.OK : EXIT.FOUND;
}

function checkOptions(options: ReplayCommandOptions): void {
  const { unaccounted, quarantined, reason, table, changed, eventType, attribute, edit, split } = options;
  if (quarantined === true && (unaccounted ?? changed ?? attribute ?? edit ?? split) !== undefined)
    throw new UsageError(
      '--quarantined goes with none of --unaccounted, --changed, --attribute, --edit and --split.',
    );
  if (unaccounted === true && (reason ?? table ?? changed ?? eventType ?? attribute) !== undefined)
    throw new UsageError(
      '--unaccounted goes with none of --reason, --table, --event-type, --attribute and --changed: such a message has no dead letter.',
    );
  if (edit !== undefined && split === true) throw new UsageError('--edit and --split exclude each other.');
}

function revisionOf({ edit, split }: ReplayCommandOptions): ((data: Buffer) => Revision) | undefined {
  if (split === true)
    return (data) => {
      const result = splitEvents(data);
      return result.kind === 'split' ? { kind: 'revised', events: result.events } : result;
    };
  if (edit === undefined) return undefined;
  return (data) => {
    const result = editEvent(data, edit);
    return result.kind === 'edited' ? { kind: 'revised', events: [result.data] } : result;
  };
}

/** A JSON Patch, or `@FILE` with one. */
function patch(text: string): JsonPatch {
  try {
    return parseJsonPatch(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (cause) {
    throw new InvalidArgumentError(cause instanceof Error ? cause.message : String(cause));
  }
}

async function candidatesOf(
  options: ReplayCommandOptions,
  { sql, now }: CommandContext,
): Promise<AsyncIterable<ReplayCandidate>> {
  const { since, until, id, limit } = options;
  if (options.quarantined === true) {
    const { reason, table, eventType } = options;
    const filter = {
      since,
      ...(until === undefined ? {} : { until }),
      ...(reason === undefined ? {} : { reason }),
      ...(table === undefined ? {} : { table }),
      ...(eventType === undefined ? {} : { eventType }),
      ...(id === undefined ? {} : { messageIds: id }),
    };
    return quarantinedCandidates(sql, filter, limit);
  }
  if (options.unaccounted !== true) {
    const { dismissed = 'exclude', ...filter } = filterOf(options);
    const chosen = {
      ...filter,
      onlyChanged: options.changed ?? false,
      // A message that is named is meant, dismissed or not.
      ...(id === undefined ? { dismissed } : { messageIds: id }),
    };
    return deadLetterCandidates(sql, chosen, limit);
  }
  const scope = {
    span: { from: since, to: until ?? now },
    tables: await listEventTables(sql),
    inProgressSince: new Date(now.getTime() - options.inProgressSeconds * 1_000),
    ...(id === undefined ? {} : { messageIds: id }),
  };
  return unaccountedCandidates(sql, scope, limit);
}
