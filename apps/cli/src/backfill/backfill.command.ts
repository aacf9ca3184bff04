import { createWriteStream } from 'node:fs';
import type { Command } from 'commander';
import { createPace, EDIT_OF, EDIT_PART } from '@pipeline/books';
import { PubsubPublisher, type OutgoingMessage } from '@pipeline/google-clients';
import { collect, namesAndValues } from '../command/arguments.js';
import { confirm } from '../command/confirm.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { backfill } from './backfill.js';
import { readMendedLine } from '../dead-letters/exported-letter.js';
import type { SourceLine } from './read-lines.js';
import { linesOf } from './sources.js';

interface BackfillCommandOptions extends CommonOptions {
  readonly rate: number;
  readonly skip: number;
  readonly eventType?: string;
  readonly attribute?: readonly string[];
  readonly topic: string;
  readonly format: string;
  readonly ids?: string;
  readonly yes?: boolean;
}

/** `backfill`: events from files through the topic, as if they were published today. */
export function backfillCommand(): Command {
  return pipelineCommand('backfill', {
    summary: 'events from files through the topic',
    description:
      'Publishes events from files or Cloud Storage objects to the events’ topic, at a given rate. A file has one JSON object in ' +
      'each line (NDJSON), or is one JSON array; it may be gzip-compressed. The events take the way of every other event.',
    examples: [
      'pipeline backfill orders.ndjson --event-type order --rate 500 --local',
      'pipeline backfill "gs://my-bucket/export/2026-11-*" --attribute source=import --yes',
      'cat old/*.ndjson.gz | pipeline backfill - --rate 100',
      'pipeline backfill orders.ndjson --skip 12000    go on where an interrupted one stopped',
      'pipeline backfill orders.ndjson --ids ids.ndjson    which message each line became',
      'pipeline backfill mended.ndjson --format dead-letters    what pipeline dead-letters export wrote',
    ],
  })
    .argument(
      '<source...>',
      'files, gs:// addresses (a * at the end takes all that begin so), or - for stdin',
    )
    .option('--rate <per-second>', 'events per second', wholeNumber('A rate', 1, 100_000), 100)
    .option('--skip <lines>', 'lines to leave out, over all sources', wholeNumber('Lines', 0, 1e15), 0)
    .option('--event-type <type>', 'the attribute event_type, for events that do not say what they are')
    .option('--attribute <name=value>', 'an attribute of every message; may be given several times', collect)
    .option(
      '--format <what>',
      'event: each line is an event; dead-letters: a mended export, whose messages name their originals',
      'event',
    )
    .option('--yes', 'publish to a project in Google Cloud without asking')
    .option('--ids <file>', 'write source, line and message id of each event to this NDJSON file')
    .option('--topic <name>', 'topic to publish to', process.env['TOPIC'] ?? 'backend-events-topic')
    .action((sources: string[], options: BackfillCommandOptions) =>
      runCommand(options, (context) => runBackfill(sources, options, context), { finishesOnInterrupt: true }),
    );
}

async function runBackfill(
  given: readonly string[],
  options: BackfillCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { connection, progress, signal, print } = context;
  if (options.format !== 'event' && options.format !== 'dead-letters')
    throw new UsageError('--format takes event or dead-letters.');
  const attributes = attributesOf(options);
  const toMessage = options.format === 'event' ? toEvent : toMended;
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic: options.topic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  const lines = await linesOf(given, connection);
  const target = `topic ${options.topic} of project ${connection.projectId}`;
  if (!connection.isLocal)
    await confirm({
      what: `The events are published to ${target}.`,
      yes: options.yes ?? false,
      otherwise: 'Allow it with --yes.',
    });
  progress.showNow(`Publishing to ${target}${connection.isLocal ? ' (local)' : ''}`);
  const ids = options.ids === undefined ? null : createWriteStream(options.ids, { flags: 'a' });
  const result = await backfill(lines, {
    publisher,
    toMessage: (line) => toMessage(line, attributes),
    skip: options.skip,
    ...(ids === null ? {} : { onPublished: (line, messageId) => ids.write(idLine(line, messageId)) }),
    pace: createPace(options.rate),
    signal,
    onProgress: (published, { source, number }) => {
      progress.show(`${published} published; line ${number}, ${source}`);
    },
  });
  await publisher.close();
  if (ids !== null) await new Promise((resolve) => ids.end(resolve));
  const skipped = options.skip > 0 && result.published === 0 && !signal.aborted;
  const words = skipped
    ? `0 events published: there is no line after ${options.skip}.`
    : `${result.published} ${result.published === 1 ? 'event' : 'events'} published.`;
  print(signal.aborted ? `${words} Go on with --skip ${result.doneLines}.` : words, result);
  return signal.aborted ? EXIT.INTERRUPTED : EXIT.OK;
}

/** `{"source":"orders.ndjson","line":1,"message_id":"17"}` */
function idLine({ source, number }: SourceLine, messageId: string): string {
  return `${JSON.stringify({ source, line: number, message_id: messageId })}\n`;
}

type Attributes = Readonly<Record<string, string>>;

function toEvent({ bytes }: SourceLine, attributes: Attributes): OutgoingMessage {
  return { data: bytes, attributes };
}

/** A mended dead letter: a message of its own that names the original. */
function toMended({ bytes, source, number }: SourceLine, given: Attributes): OutgoingMessage {
  try {
    const { messageId, data, attributes } = readMendedLine(bytes);
    return { data, attributes: { ...attributes, ...given, [EDIT_OF]: messageId, [EDIT_PART]: '1/1' } };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Line ${number} of ${source} is no line of an export: ${words}.`, { cause });
  }
}

function attributesOf({ eventType, attribute = [] }: BackfillCommandOptions): Record<string, string> {
  return { ...(eventType === undefined ? {} : { event_type: eventType }), ...namesAndValues(attribute) };
}
