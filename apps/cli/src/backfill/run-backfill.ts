import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  readNewTableRefusal,
  applyPlanned,
  BigqueryTableStore,
  PlanReporter,
  type PlanReport,
} from '@pipeline/bigquery-tables';
import {
  createPace,
  KnownMessages,
  listEventTables,
  REPLAY_OF,
  REPLAY_PUBLISH_TIME,
  type BackfillProgress,
} from '@pipeline/books';
import { BigquerySql, PubsubPublisher, type OutgoingMessage } from '@pipeline/google-clients';
import { confirm } from '../command/confirm.js';
import { countOf } from '../command/count-words.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { routingOf } from '../command/routing-options.js';
import type { CommandContext } from '../command/run-command.js';
import { formatBytes } from '../command/text-table.js';
import { CLI_ACTOR } from '../command/version.js';
import { planSource, type ReadSource } from '../plan/plan-source.js';
import { renderPlan } from '../plan/render-plan.js';
import { readLineMessage, type LineMessage } from '../sources/line-message.js';
import { attributesOf } from '../sources/source-options.js';
import type { SourceLine } from '../sources/source-line.js';
import { openSources, type Sources } from '../sources/sources.js';
import { backfill, BackfillFailure } from './backfill.js';
import type { BackfillCommandOptions } from './backfill-options.js';
import { BackfillRecord } from './backfill-record.js';
import { earlierWords, progressWords } from './backfill-words.js';

/** One run: its options, its dependencies and what was read of the source. */
interface Run {
  readonly runId: string;
  readonly options: BackfillCommandOptions;
  readonly context: CommandContext;
  readonly sources: Sources;
  readonly attributes: Readonly<Record<string, string>>;
  readonly topic: string;
}

/** The result of the first reading. */
interface Prepared {
  readonly source: ReadSource;
  readonly report: PlanReport;
  readonly reporter: PlanReporter;
}

/** Plans, asks, makes the tables, publishes. @returns the exit code */
export async function runBackfill(
  given: readonly string[],
  options: BackfillCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { connection } = context;
  checkOptions(options);
  const topic = options.keepIds === true ? options.replayTopic : options.topic;
  const target = `topic ${topic} of project ${connection.projectId}`;
  // Refused before the source is read, which may take long.
  if (!connection.isLocal && !process.stdin.isTTY && options.yes !== true)
    throw new UsageError(`The events are published to ${target}. Allow it with --yes.`);
  const { format, textColumns = [], plan } = options;
  const sources = await openSources(given, connection, { format, textColumns, isReadTwice: plan });
  try {
    const runId = randomUUID();
    const run: Run = { runId, options, context, sources, attributes: attributesOf(options), topic };
    return await perform(run, `${target}${connection.isLocal ? ' (local)' : ''}`);
  } finally {
    await sources.close();
  }
}

function checkOptions({
  skipKnown,
  format,
  plan,
  keepIds,
  topic,
  replayTopic,
}: BackfillCommandOptions): void {
  if (skipKnown === true && format === 'dead-letters')
    throw new UsageError(
      '--skip-known does not go with --format dead-letters: export leaves out what was mended.',
    );
  if (skipKnown === true && !plan)
    throw new UsageError('--skip-known does not go with --no-plan: the whole source is read first.');
  if (keepIds === true && format === 'dead-letters')
    throw new UsageError(
      '--keep-ids does not go with --format dead-letters: a mended event is a new message.',
    );
  if (keepIds === true && topic === replayTopic)
    throw new UsageError('--topic and --replay-topic are the same topic.');
}

async function perform(run: Run, target: string): Promise<number> {
  const { options, context } = run;
  const { print, progress, signal } = context;
  const known = options.skipKnown === true ? new KnownMessages() : null;
  const prepared = options.plan ? await prepare(run, known) : null;
  if (signal.aborted) {
    print('Nothing was published.', { published: 0, doneLines: options.skip });
    return EXIT.INTERRUPTED;
  }
  if (known !== null) await lookUp(run, known);
  if (prepared !== null) await askAndApply(run, prepared, target);
  progress.showNow(`Publishing to ${target}`);
  const record = prepared === null ? null : await beginRecord(run, prepared.source);
  try {
    const result = await publish(run, { known, prepared, record });
    await record?.end(result, context.signal.aborted ? 'interrupted' : 'completed');
    print(resultWords(result, run, prepared), {
      runId: run.runId,
      ...result,
      plan: prepared?.report ?? null,
    });
    return context.signal.aborted ? EXIT.INTERRUPTED : EXIT.OK;
  } catch (cause) {
    if (!(cause instanceof BackfillFailure)) throw cause;
    await record?.end(cause.progress, 'failed', cause.message).catch(() => undefined);
    const { published, doneLines } = cause.progress;
    if (published > 0)
      progress.say(
        `${countOf(published, 'event')} published. Go on with --skip ${doneLines} --skip-known, once they have reached the archive.`,
      );
    throw cause.cause;
  }
}

/** Reads the source once, and shows its plan. */
async function prepare(run: Run, known: KnownMessages | null): Promise<Prepared> {
  const { options, context, sources, attributes } = run;
  const { connection, client, progress, signal, print } = context;
  const store = new BigqueryTableStore(client);
  const reporter = new PlanReporter({
    projectId: connection.projectId,
    datasetId: connection.dataset,
    ...routingOf(options),
    readTable: (table) => store.read(table),
    newTableRefusal: () => readNewTableRefusal(store),
  });
  const source = await planSource(sources.lines(), {
    reporter,
    toMessage: (line) => readLineMessage(line, options.format, attributes),
    skip: options.skip,
    ...(known === null
      ? {}
      : {
          onMessage: (message: LineMessage) => {
            known.add(message);
          },
        }),
    onProgress: (lines) => {
      progress.show(`Planning: ${lines} lines read`);
    },
    signal,
  });
  const report = reporter.finish();
  if (options.json !== true && !signal.aborted) print(`${renderPlan(report)}\n`, report);
  return { source, report, reporter };
}

async function lookUp({ options, context, attributes }: Run, known: KnownMessages): Promise<void> {
  const { sql, progress } = context;
  progress.showNow('Looking for messages that have arrived');
  await known.lookUp(sql, {
    since: options.knownSince,
    tables: await listEventTables(sql),
    attributes,
    onEstimate: (bytes) =>
      confirm({
        what: `Looking for known messages reads ${formatBytes(bytes)}.`,
        yes: options.yes === true || bytes <= options.maxBytes,
        otherwise: 'Allow it with --yes, or choose a shorter span with --known-since.',
      }),
  });
}

async function askAndApply(run: Run, prepared: Prepared, target: string): Promise<void> {
  const { options, context, runId } = run;
  const { client, sql, progress, signal } = context;
  const needs = prepared.reporter.needs(`backfill:${runId}`);
  const before = earlierWords(await BackfillRecord.earlier(sql, prepared.source.sha256));
  if (before !== null && options.skipKnown !== true && options.skip === 0) progress.say(before);
  const changes = needs.length === 0 ? '' : ` and ${countOf(needs.length, 'table is', 'tables are')} changed`;
  await confirm({
    what: `${countOf(prepared.source.messages, 'event is', 'events are')} published to ${target}${changes}.`,
    yes: options.yes === true || !process.stdin.isTTY,
    otherwise: '',
  });
  await applyPlanned(needs, {
    store: new BigqueryTableStore(client),
    sql: new BigquerySql(client),
    actor: CLI_ACTOR,
    onTable: (table) => {
      progress.show(`Making the columns of ${table}`);
    },
    signal,
  });
}

async function beginRecord(
  { runId, options, context, sources, topic }: Run,
  source: ReadSource,
): Promise<BackfillRecord> {
  const { eventType, attribute, format, rate, skip, skipKnown = false, keepIds = false } = options;
  const record = await BackfillRecord.begin(context.sql, {
    runId,
    startedAt: context.now,
    sources: sources.names,
    sourceSha256: source.sha256,
    options: {
      format,
      rate,
      skip,
      skipKnown,
      keepIds,
      ...(eventType && { eventType }),
      ...(attribute && { attribute }),
    },
    topic,
    lines: source.lines,
    actor: CLI_ACTOR,
  });
  if (!record.isKept)
    context.progress.say(
      'The dataset has no table _backfills, so this run is not recorded: apply Terraform.',
    );
  return record;
}

async function publish(
  run: Run,
  state: {
    readonly known: KnownMessages | null;
    readonly prepared: Prepared | null;
    readonly record: BackfillRecord | null;
  },
): Promise<BackfillProgress> {
  const { options, context, sources, topic } = run;
  const { connection, progress, signal } = context;
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  const ids = options.ids === undefined ? null : createWriteStream(options.ids, { flags: 'a' });
  const startedAtMs = performance.now();
  const lines = state.prepared?.source.lines ?? null;
  try {
    return await backfill(sources.lines(), {
      publisher,
      toMessage: (line) => outgoing(run, line, state.known),
      skip: options.skip,
      ...(ids === null ? {} : { onPublished: (line, messageId) => ids.write(idLine(line, messageId)) }),
      pace: createPace(options.rate),
      signal,
      onProgress: (done) => {
        const elapsedMs = performance.now() - startedAtMs;
        progress.show(progressWords(done, { skip: options.skip, lines, elapsedMs }));
        state.record?.note(done);
      },
    });
  } finally {
    await publisher.close();
    if (ids !== null) await new Promise((resolve) => ids.end(resolve));
  }
}

/** @throws UsageError for a line that is no message, or has no id to keep */
function outgoing(
  { options, attributes }: Run,
  line: SourceLine,
  known: KnownMessages | null,
): OutgoingMessage | null {
  const where = `Line ${line.number} of ${line.source}`;
  const read = readLineMessage(line, options.format, attributes);
  if (read.kind === 'rejected') throw new UsageError(`${where} is no message: ${read.detail}.`);
  const { message } = read;
  if (known?.takes(message) === true) return null;
  if (options.keepIds !== true) return { data: message.data, attributes: message.attributes };
  const { messageId, publishedAt } = message.original ?? {};
  if (messageId === undefined || publishedAt == null)
    throw new UsageError(`${where} has no message id and publish time, which --keep-ids needs.`);
  const kept = { [REPLAY_OF]: messageId, [REPLAY_PUBLISH_TIME]: publishedAt };
  return { data: message.data, attributes: { ...message.attributes, ...kept } };
}

/** `{"source":"orders.ndjson","line":1,"message_id":"17"}` */
function idLine({ source, number }: SourceLine, messageId: string): string {
  return `${JSON.stringify({ source, line: number, message_id: messageId })}\n`;
}

function resultWords(
  { published, known, doneLines }: BackfillProgress,
  run: Run,
  prepared: Prepared | null,
): string {
  const { options, context } = run;
  const knownWords = known === 0 ? '' : `, ${known} known and left out`;
  const nothing = options.skip > 0 && published + known === 0 && !context.signal.aborted;
  const words = nothing
    ? `0 events published: there is no line after ${options.skip}.`
    : `${countOf(published, 'event')} published${knownWords}.`;
  if (context.signal.aborted) return `${words} Go on with --skip ${doneLines}.`;
  return prepared === null || published === 0 ? words : `${words} To check: ${context.command('audit')}`;
}
