import type { Command } from 'commander';
import { listEventTables, messageOutcomes, type FoundOutcome } from '@pipeline/books';
import { PubsubPublisher } from '@pipeline/google-clients';
import { collect, namesAndValues } from '../command/arguments.js';
import { quoted } from '../command/command-line.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';
import { openSources } from '../sources/sources.js';
import { outcomeWords } from '../find/render-found.js';

interface PublishOptions extends CommonOptions {
  readonly eventType?: string;
  readonly attribute?: readonly string[];
  readonly topic: string;
  readonly wait?: boolean;
  readonly patience: number;
}

interface Published {
  readonly line: number;
  readonly messageId: string;
}

const POLL_MS = 500;
const CONCURRENCY = 50;
/** Clocks of the publisher and of Pub/Sub differ. */
const CLOCK_SKEW_MS = 300_000;

/** `publish`: a few events, their ids, and with `--wait` what became of each. */
export function publishCommand(): Command {
  return pipelineCommand('publish', {
    summary: 'publish a few events, and see what became of each',
    description:
      'Publishes the events of a file or of stdin to the events’ topic and prints their message ids; with --wait also what ' +
      'became of each. For many events at a given rate: pipeline backfill.',
    examples: [
      `echo '{"event_type":"signup","user":{"id":"u-1"}}' | pipeline publish - --wait --local`,
      'pipeline publish orders.ndjson --event-type order --local',
      'pipeline publish orders.ndjson --wait --json --local',
    ],
  })
    .argument(
      '<file>',
      'a file of NDJSON, one JSON array, Avro or CSV, plain or gzip-compressed, a gs:// address, or - for stdin',
    )
    .option('--event-type <type>', 'the attribute event_type, for events that do not say what they are')
    .option('--attribute <name=value>', 'an attribute of every message; may be given several times', collect)
    .option('--topic <name>', 'topic to publish to', process.env['TOPIC'] ?? 'backend-events-topic')
    .option('--wait', 'wait until each is a row or a dead letter; the exit code is 1 if one is not a row')
    .option('--patience <seconds>', 'with --wait: how long', wholeNumber('Patience', 1, 86_400), 60)
    .action((file: string, options: PublishOptions) =>
      runCommand(options, (context) => publish(file, options, context)),
    );
}

async function publish(file: string, options: PublishOptions, context: CommandContext): Promise<number> {
  const published = await publishAll(file, options, context);
  if (options.wait !== true) {
    context.print(published.map(({ messageId }) => messageId).join('\n'), published);
    return EXIT.OK;
  }
  const outcomes = await waitForAll(published, options, context);
  const lines = outcomes.map((outcome, index) => ({ line: published[index]?.line ?? 0, ...outcome }));
  context.print(renderOutcomes(lines, context), lines);
  return lines.every(({ kind }) => kind === 'row') ? EXIT.OK : EXIT.FOUND;
}

async function publishAll(
  file: string,
  { eventType, attribute = [], topic }: PublishOptions,
  { connection, progress }: CommandContext,
): Promise<Published[]> {
  const attributes = {
    ...(eventType === undefined ? {} : { event_type: eventType }),
    ...namesAndValues(attribute),
  };
  const lines = [];
  const opened = await openSources([file], connection, { format: 'event', isReadTwice: false });
  for await (const line of opened.lines()) lines.push(line);
  await opened.close();
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  const published: Published[] = [];
  for (let start = 0; start < lines.length; start += CONCURRENCY) {
    const chunk = lines.slice(start, start + CONCURRENCY).map(async ({ number, bytes, attributes: own }) => ({
      line: number,
      messageId: await publisher.publish({ data: bytes, attributes: { ...own, ...attributes } }),
    }));
    published.push(...(await Promise.all(chunk)));
    progress.show(`${published.length} of ${lines.length} published`);
  }
  await publisher.close();
  return published;
}

async function waitForAll(
  published: readonly Published[],
  { patience }: PublishOptions,
  { sql, now, progress, signal }: CommandContext,
): Promise<FoundOutcome[]> {
  const ids = published.map(({ messageId }) => messageId);
  const since = new Date(now.getTime() - CLOCK_SKEW_MS);
  const endMs = performance.now() + patience * 1_000;
  for (;;) {
    const outcomes = await messageOutcomes(sql, ids, { tables: await listEventTables(sql), since });
    const open = outcomes.filter(({ kind }) => kind === 'none').length;
    if (open === 0 || performance.now() > endMs || signal.aborted) return outcomes;
    progress.show(`${ids.length - open} of ${ids.length} arrived`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function renderOutcomes(
  lines: readonly (FoundOutcome & { readonly line: number })[],
  { command }: CommandContext,
): string {
  const table = textTable(
    ['line', 'message', 'what became of it', 'why'],
    lines.map((line) => [line.line, line.messageId, outcomeWords(line), line.detail]),
  );
  const [first] = [...lines.filter(({ kind }) => kind !== 'row'), ...lines];
  if (first === undefined) return 'Nothing was published: the file has no event.';
  return `${table}\n\nWhere its values are: ${command(`explain ${quoted(first.messageId)}`)}`;
}
