import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { DEFAULT_IN_PROGRESS_MS, explainMessage, findMessage, type EventRouting } from '@pipeline/books';
import { PubsubPublisher } from '@pipeline/google-clients';
import { StorageObjects } from '../sources/storage-objects.adapter.js';

import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { routingOf, withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { checkSamples, isSettled, type Check, type Places, type SampleFacts } from './check-samples.js';
import { findCopies } from './find-copies.js';
import { renderChecks } from './render-checks.js';
import { samplesOf, type Sample } from './samples.js';

interface VerifyOptions extends CommonOptions, EventRouting {
  readonly environment: string;
  readonly topic: string;
  readonly bucket?: string;
  readonly files: boolean;
  readonly patience: number;
}

const POLL_MS = 1_000;
/** Tables are looked into from a little before the first publish: clocks differ. */
const CLOCK_SKEW_MS = 300_000;

/** `verify`: the integration test of a running pipeline. */
export function verifyCommand(): Command {
  return withRouting(
    pipelineCommand('verify', {
      summary: 'send samples through a running pipeline, and check every promise on them',
      description:
        'Publishes an event of each type, one with a new field and one that is no event; waits; then checks ' +
        'tables, types, values, the dead letter, the file copy and the books.',
      examples: [
        'pipeline verify --project my-project --environment prod',
        'pipeline verify --local                           the pipeline of npm start',
        'pipeline verify --local --patience 20 --json',
      ],
    })
      .option('--environment <name>', 'prefix of services, dataset and bucket', 'prod')
      .option('--topic <name>', 'topic to publish to', process.env['TOPIC'] ?? 'backend-events-topic')
      .option('--bucket <name>', 'bucket of the file copy; <project>-<environment>-events when absent')
      .option('--no-files', 'leave out the file copy, which comes last')
      .option('--patience <seconds>', 'how long to wait', wholeNumber('Patience', 1, 86_400), 900),
  ).action((options: VerifyOptions) =>
    runCommand(
      { ...options, dataset: options.dataset ?? `${options.environment}_events_dataset` },
      (context) => verify(options, context),
    ),
  );
}

async function verify(options: VerifyOptions, context: CommandContext): Promise<number> {
  const { connection, print, now, progress, signal } = context;
  const places: Places = {
    tableManager: `${options.environment}-table-manager`,
    dataset: connection.dataset,
    bucket: options.bucket ?? `${connection.projectId}-${options.environment}-events`,
  };
  const run = randomBytes(4).toString('hex');
  const samples = samplesOf(run, now);
  const sent = await publishAll(samples, options, context);
  const endMs = performance.now() + options.patience * 1_000;
  const files = new FileCopies(connection, places.bucket, run, { samples, now });
  let facts: SampleFacts[] = [];
  for (;;) {
    facts = await Promise.all(sent.map((one) => factsOf(one, options, context)));
    const settled = facts.filter(isSettled).length;
    const isDone = settled === facts.length && (!options.files || (await files.areThere()));
    if (isDone || performance.now() > endMs || signal.aborted) break;
    const rest =
      settled < facts.length ? `${settled} of ${facts.length} samples arrived` : 'waiting for files';
    progress.show(`${rest}; giving up in ${Math.ceil((endMs - performance.now()) / 1_000)} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const checks = [...checkSamples(facts, places), ...(options.files ? [await files.check()] : [])];
  const passed = checks.every((check) => check.passed);
  print(renderChecks(checks, run), { run, passed, checks });
  return passed ? EXIT.OK : EXIT.FOUND;
}

interface SentSample {
  readonly sample: Sample;
  readonly messageId: string;
}

async function publishAll(
  samples: readonly Sample[],
  { topic }: VerifyOptions,
  { connection }: CommandContext,
): Promise<SentSample[]> {
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  const attributes = { source: 'pipeline-verify' };
  const sent = await Promise.all(
    samples.map(async (sample) => ({
      sample,
      messageId: await publisher.publish({ data: Buffer.from(sample.data), attributes }),
    })),
  );
  await publisher.close();
  return sent;
}

async function factsOf(
  { sample, messageId }: SentSample,
  options: VerifyOptions,
  { sql, now, readSchema, command }: CommandContext,
): Promise<SampleFacts> {
  const routing = routingOf(options);
  const facts = await findMessage(sql, messageId, {
    since: new Date(now.getTime() - CLOCK_SKEW_MS),
    now: new Date(),
    inProgressMs: DEFAULT_IN_PROGRESS_MS,
    readSchema,
    ...routing,
  });
  return {
    sample,
    messageId,
    explanation: explainMessage(messageId, facts, { ...routing, command }),
    isArchived: facts.raw !== null,
    schema: facts.schema,
  };
}

/** The file copy of the samples: Cloud Storage is asked until all are there. */
class FileCopies {
  private readonly found = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly texts: readonly string[];
  private readonly objects: StorageObjects;
  /** The last refusal of Cloud Storage. */
  private problem: string | null = null;
  private readonly addresses: readonly string[];
  private readonly count: number;

  constructor(
    connection: CommandContext['connection'],
    private readonly bucket: string,
    run: string,
    { samples, now }: { readonly samples: readonly Sample[]; readonly now: Date },
  ) {
    this.count = samples.length;
    const day = now.toISOString().slice(0, 10);
    const folders = samples.map(({ expected }) => (expected.kind === 'row' ? expected.table : '_rejected'));
    this.addresses = [
      `events/${day}/`,
      ...new Set(folders.map((folder) => `events/${folder}/dt=${day}/`)),
    ].map((prefix) => `gs://${bucket}/${prefix}*`);
    this.texts = ['order', 'inventory', 'session', 'poison']
      .map((name) => `verification-${run}-${name}`)
      .concat(`run_${run}`);
    this.objects = new StorageObjects({
      projectId: connection.projectId,
      ...(connection.storageUrl === undefined ? {} : { endpoint: connection.storageUrl }),
    });
  }

  async areThere(): Promise<boolean> {
    const { objects, addresses, seen, texts } = this;
    try {
      const found = await findCopies(objects, addresses, { texts, seen });
      found.forEach((text) => this.found.add(text));
      this.problem = null;
    } catch (cause) {
      this.problem = cause instanceof Error ? cause.message : String(cause);
    }
    return this.found.size === this.count;
  }

  async check(): Promise<Check> {
    const passed = await this.areThere();
    const detail = `${this.found.size} of ${this.count} samples in gs://${this.bucket}/events/`;
    return {
      name: 'file copy',
      passed,
      detail: passed
        ? detail
        : `${detail}${this.problem === null ? '' : ` (${this.problem})`}; is there a subscription backend-events-files (direct mode), or does the job run?`,
    };
  }
}
