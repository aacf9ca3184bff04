import { DEFAULT_PIPELINE_NAMES, provisionPipeline } from '@pipeline/local-cloud';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { printable } from '../command/printable.js';
import { publishExactly, publishSteadily } from './event-source.js';
import { dataflowJobService, ensureDataflowJob } from './dataflow-job.js';
import { lockDataFolder } from './data-lock.js';
import { watchNpm } from './parent-watch.js';
import { describeRunningPipeline, describeTakenPorts } from './ports.js';
import { readRunFiles, runFolder, writeRunFile } from './run-files.js';
import type { ServiceEnd } from './service-process.js';
import { RunningServices } from './running-services.js';
import { localCloudService, pipelineServices, serviceUrls } from './services.js';
import { portsOf, type StartOptions } from './start.options.js';
import { describeBooks, isBalanced } from './run-books.js';
import { StatusWatch } from './status-watch.js';
import { Warehouse } from './warehouse.js';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/** Ends of a run other than a failure. */
type Outcome =
  { readonly kind: 'interrupted' } | { readonly kind: 'crashed'; readonly end: ServiceEnd } | RunEnd;
type RunEnd = { readonly kind: 'finished'; readonly exitCode: number };

/**
 * Runs the whole pipeline until Ctrl-C, or with `--exit` until the books are balanced.
 * @returns the exit code: 0 all well, 1 an event is unaccounted or a service failed, 130 interrupted before `--exit`.
 */
export async function start(options: StartOptions): Promise<number> {
  const folder = runFolder(process.env);
  const running = describeRunningPipeline(options, readRunFiles(folder));
  const taken = running === undefined ? await describeTakenPorts(options) : [running];
  if (taken.length > 0) {
    console.error(taken.join('\n'));
    return EXIT_FAILED;
  }
  let logDirectory: string;
  let unlock = (): void => undefined;
  try {
    if (options.data !== undefined) unlock = lockDataFolder(options.data, process.pid);
    logDirectory = await logFolder(options);
  } catch (error) {
    console.error(`The folder of --data cannot be used: ${describeError(error)}`);
    return EXIT_FAILED;
  }
  const removeRunFile = writeRunFile(folder, {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    ports: portsOf(options),
  });
  try {
    return await startIn(logDirectory, options);
  } finally {
    removeRunFile();
    unlock();
  }
}

async function startIn(logDirectory: string, options: StartOptions): Promise<number> {
  if (options.delivery === 'dataflow') {
    try {
      await ensureDataflowJob();
    } catch (error) {
      console.error(describeError(error));
      return EXIT_FAILED;
    }
  }
  console.log(
    `Starting the local cloud, ${options.delivery === 'dataflow' ? 'the Dataflow job, ' : ''}table-manager, event-generator and the console …`,
  );
  const services = new RunningServices(options.verbose, logDirectory);
  const abort = new AbortController();
  const interrupted = new Promise<Outcome>((resolve) => {
    const onSignal = (): void => {
      abort.abort();
      resolve({ kind: 'interrupted' });
    };
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal).once('SIGHUP', onSignal);
    watchNpm(onSignal, process.env);
  });
  let exitCode = EXIT_FAILED;
  let summary = (): string => '';
  try {
    const outcome = await Promise.race([
      interrupted,
      services.crash.then((end): Outcome => ({ kind: 'crashed', end })),
      run(options, services, { signal: abort.signal, onWatch: (watch) => (summary = () => watch.summary()) }),
    ]);
    abort.abort();
    exitCode = await report(outcome, options, { services, summary });
  } catch (error) {
    abort.abort();
    console.error(describeError(error));
  }
  await services.stop();
  // Logs explain failures: they are deleted after a good run.
  if (exitCode === EXIT_OK && options.data === undefined)
    await rm(dirname(logDirectory), { recursive: true });
  return exitCode;
}

interface Reported {
  readonly services: RunningServices;
  /** The last state of the books; empty before the first look. */
  readonly summary: () => string;
}

async function report(
  outcome: Outcome,
  options: StartOptions,
  { services, summary }: Reported,
): Promise<number> {
  switch (outcome.kind) {
    case 'finished':
      return outcome.exitCode;
    case 'interrupted':
      console.log('\nStopping …');
      await services.stop();
      console.log(farewell(options, summary()));
      return options.exit ? EXIT_INTERRUPTED : EXIT_OK;
    case 'crashed': {
      const { name, how, lastLines } = outcome.end;
      const isFull = lastLines.some((line) => /ENOSPC|No space left on device/i.test(line));
      if (isFull)
        console.error(
          `\nThe disk is full: free some space in ${options.data ?? tmpdir()}, then start again.`,
        );
      const log =
        lastLines.length === 0
          ? 'It logged nothing. Repair a damaged build with npm run build -- --force.'
          : `Its last lines:\n${lastLines.map((line) => `  ${printable(line)}`).join('\n')}`;
      console.error(`\n${name} ended with ${how}. ${log}`);
      return EXIT_FAILED;
    }
  }
}

/** The last books, and what remains of the data. */
function farewell({ data }: StartOptions, summary: string): string {
  const rest =
    data === undefined
      ? 'The data was in memory and is gone; npm start -- --data FOLDER keeps it.'
      : `The data is kept in ${data}.`;
  return [summary, rest].filter((line) => line !== '').join('\n');
}

interface RunControl {
  readonly signal: AbortSignal;
  readonly onWatch: (watch: StatusWatch) => void;
}

async function run(
  options: StartOptions,
  services: RunningServices,
  { signal, onWatch }: RunControl,
): Promise<RunEnd> {
  const urls = serviceUrls(options);
  const since = new Date();
  await services.start([localCloudService(options)]);
  await provisionPipeline(DEFAULT_PIPELINE_NAMES, { ...urls, deliveryMode: options.delivery });
  const job = options.delivery === 'dataflow' ? [dataflowJobService(options)] : [];
  await services.start([...pipelineServices(options), ...job]);
  console.log(describeUrls(options, services.logDirectory));

  const watch = new StatusWatch(new Warehouse(urls.bigqueryUrl, since), {
    redraw: process.stdout.isTTY && !options.verbose,
  });
  onWatch(watch);
  const publishing = publish(options, urls.eventGeneratorUrl, signal, watch);
  if (!options.exit) {
    await Promise.all([publishing, watch.showUntil(signal)]);
    return { kind: 'finished', exitCode: EXIT_OK };
  }
  const [books] = await Promise.all([
    watch.untilBalanced(publishing, options.patience * 1000, signal),
    publishing,
  ]);
  if (books.unaccounted.length > 0) console.error(`Unaccounted: ${books.unaccounted.join(', ')}`);
  if (books.notReceived.length > 0)
    console.error(`Published, but not in the archive: ${books.notReceived.join(', ')}`);
  console.log(describeBooks(books.totals));
  return { kind: 'finished', exitCode: isBalanced(books) ? EXIT_OK : EXIT_FAILED };
}

async function publish(
  { generate, events, seed, rate }: StartOptions,
  url: string,
  signal: AbortSignal,
  watch: StatusWatch,
): Promise<void> {
  if (!generate) return;
  const onPublished = watch.published.bind(watch);
  const generation = seed === undefined ? { url } : { url, seed };
  if (events === undefined)
    await publishSteadily(
      { ...generation, rate, signal },
      { onPublished, onProblem: watch.problem.bind(watch) },
    );
  else await publishExactly(events, generation, onPublished);
}

function describeUrls(options: StartOptions, logDirectory: string): string {
  const urls = serviceUrls(options);
  const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
  return [
    `console          ${urls.consoleUrl}   (open it in a browser)`,
    `event-generator  ${urls.eventGeneratorUrl}   (API: ${urls.eventGeneratorUrl}/docs)`,
    `table-manager    ${urls.tableManagerUrl}   (API: ${urls.tableManagerUrl}/docs)`,
    `Pub/Sub          ${urls.pubsubUrl}   (gRPC and REST)`,
    `BigQuery         ${urls.bigqueryUrl}   (project ${projectId}, dataset ${dataset})`,
    `SQL              POST ${urls.bigqueryUrl}/bigquery/v2/projects/${projectId}/queries`,
    `Storage Write    127.0.0.1:${options.bigqueryStoragePort}`,
    `Cloud Storage    ${urls.storageUrl}`,
    `Eventarc         ${urls.eventarcUrl}`,
    `logs             ${logDirectory}`,
    ...(options.exit ? [''] : ['', 'Ctrl-C stops everything.', '']),
  ].join('\n');
}

async function logFolder({ data }: StartOptions): Promise<string> {
  const folder = join(data ?? join(tmpdir(), `pipeline-${process.pid}`), 'logs');
  await mkdir(folder, { recursive: true });
  return folder;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
