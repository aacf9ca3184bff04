import { DEFAULT_PIPELINE_NAMES, provisionPipeline } from '@pipeline/local-cloud';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBooks } from './books.js';
import { publishExactly, publishSteadily } from './event-source.js';
import { describeTakenPorts } from './ports.js';
import { ServiceProcess, type ServiceDefinition, type ServiceEnd } from './service-process.js';
import { localCloudService, pipelineServices, serviceUrls } from './services.js';
import type { StartOptions } from './start.options.js';
import { StatusWatch } from './status-watch.js';
import { Warehouse } from './warehouse.adapter.js';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/** How a run ended, other than by failing. */
type Outcome =
  { readonly kind: 'interrupted' } | { readonly kind: 'crashed'; readonly end: ServiceEnd } | RunEnd;
type RunEnd = { readonly kind: 'finished'; readonly exitCode: number };

/**
 * Run the whole pipeline until Ctrl-C, or with `--exit` until the books are balanced.
 * @returns the exit code: 0 all well, 1 an event is missing or a service failed, 130 interrupted before `--exit`.
 */
export async function start(options: StartOptions): Promise<number> {
  const taken = await describeTakenPorts(options);
  if (taken.length > 0) {
    console.error(taken.join('\n'));
    return EXIT_FAILED;
  }
  const services = new Services(options.verbose, await logFolder(options));
  const abort = new AbortController();
  const interrupted = new Promise<Outcome>((resolve) => {
    const onSignal = (): void => {
      abort.abort();
      resolve({ kind: 'interrupted' });
    };
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal).once('SIGHUP', onSignal);
  });
  try {
    const outcome = await Promise.race([interrupted, services.crash, run(options, services, abort.signal)]);
    abort.abort();
    return await report(outcome, options, services);
  } catch (error) {
    abort.abort();
    console.error(error instanceof Error ? error.message : error);
    return EXIT_FAILED;
  } finally {
    await services.stop();
  }
}

async function report(outcome: Outcome, options: StartOptions, services: Services): Promise<number> {
  switch (outcome.kind) {
    case 'finished':
      return outcome.exitCode;
    case 'interrupted':
      console.log('\nStopping …');
      await services.stop();
      return options.exit ? EXIT_INTERRUPTED : EXIT_OK;
    case 'crashed': {
      const { name, how, lastLines } = outcome.end;
      console.error(
        `\n${name} ended with ${how}. Its last lines:\n${lastLines.map((line) => `  ${line}`).join('\n')}`,
      );
      return EXIT_FAILED;
    }
  }
}

async function run(options: StartOptions, services: Services, signal: AbortSignal): Promise<RunEnd> {
  const urls = serviceUrls(options);
  const since = new Date();
  await services.start([localCloudService(options)]);
  await provisionPipeline(DEFAULT_PIPELINE_NAMES, urls);
  await services.start(pipelineServices(options));
  console.log(describeUrls(options, services.logDirectory));

  const watch = new StatusWatch(new Warehouse(urls.bigqueryUrl, since), {
    redraw: process.stdout.isTTY && !options.verbose,
  });
  const publishing = publish(options, urls.eventGeneratorUrl, signal, (ids) => {
    watch.published(ids);
  });
  if (!options.exit) {
    await Promise.all([publishing, watch.showUntil(signal)]);
    return { kind: 'finished', exitCode: EXIT_OK };
  }
  const [books] = await Promise.all([
    watch.untilBalanced(publishing, options.patience * 1000, signal),
    publishing,
  ]);
  if (books.missing.length > 0) console.error(`Missing message ids: ${books.missing.join(', ')}`);
  console.log(describeBooks(books));
  return { kind: 'finished', exitCode: books.missing.length === 0 ? EXIT_OK : EXIT_FAILED };
}

async function publish(
  { generate, events, seed, rate }: StartOptions,
  url: string,
  signal: AbortSignal,
  onPublished: (messageIds: readonly string[]) => void,
): Promise<void> {
  if (!generate) return;
  const generation = seed === undefined ? { url } : { url, seed };
  if (events === undefined) await publishSteadily({ ...generation, rate, signal }, onPublished);
  else await publishExactly(events, generation, onPublished);
}

function describeUrls(options: StartOptions, logDirectory: string): string {
  const urls = serviceUrls(options);
  const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
  return [
    `event-generator  ${urls.eventGeneratorUrl}   (API: ${urls.eventGeneratorUrl}/docs)`,
    `table-manager    ${urls.tableManagerUrl}   (API: ${urls.tableManagerUrl}/docs)`,
    `Pub/Sub          ${urls.pubsubUrl}   (gRPC and REST)`,
    `BigQuery         ${urls.bigqueryUrl}   (project ${projectId}, dataset ${dataset}; SQL: POST ${urls.bigqueryUrl}/bigquery/v2/projects/${projectId}/queries)`,
    `Storage Write    127.0.0.1:${options.bigqueryStoragePort}`,
    `Cloud Storage    ${urls.storageUrl}`,
    `Eventarc         ${urls.eventarcUrl}`,
    `logs             ${logDirectory}`,
    '',
  ].join('\n');
}

async function logFolder({ data }: StartOptions): Promise<string> {
  const folder = join(data ?? join(tmpdir(), `pipeline-${process.pid}`), 'logs');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** The processes of a run, started together and stopped in the reverse order. */
class Services {
  readonly crash: Promise<Outcome>;
  private readonly running: ServiceProcess[] = [];
  private reportCrash: (end: ServiceEnd) => void = () => undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly verbose: boolean,
    readonly logDirectory: string,
  ) {
    this.crash = new Promise((resolve) => {
      this.reportCrash = (end) => {
        resolve({ kind: 'crashed', end });
      };
    });
  }

  async start(definitions: readonly ServiceDefinition[]): Promise<void> {
    const started = definitions.map((definition) => {
      const print = (line: string): void => {
        if (this.verbose) console.log(`${definition.name}: ${line}`);
      };
      const service = new ServiceProcess(
        definition,
        join(this.logDirectory, `${definition.name}.log`),
        print,
      );
      void service.crashed.then(this.reportCrash);
      this.running.push(service);
      return service;
    });
    await Promise.all(started.map((service) => service.ready()));
  }

  /** Producers first, the cloud last, so that nothing logs errors about what is already gone. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  private async stopInOrder(): Promise<void> {
    const [cloud, ...services] = this.running;
    await Promise.all(services.map((service) => service.stop()));
    await cloud?.stop();
  }
}
