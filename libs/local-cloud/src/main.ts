#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { collectAtRest } from './collect-at-rest.js';
import { addressesOf, DEFAULT_LOCAL_CLOUD_PORTS, startLocalCloud, type LocalCloud } from './local-cloud.js';
import type { RequestLog } from './ports.js';
import { DEFAULT_PIPELINE_NAMES } from './provision/pipeline-resources.js';
import { provisionPipeline } from './provision/provision-pipeline.js';

/** `npm run local-cloud`: the embedded services alone, until Ctrl-C. */

interface Arguments {
  readonly host: string;
  readonly pubsubPort: number;
  readonly bigqueryPort: number;
  readonly bigqueryStoragePort: number;
  readonly storagePort: number;
  readonly eventarcPort: number;
  readonly data?: string;
  readonly queryMemory?: number;
  readonly metadataLag: number;
  readonly maxFileDelay?: number;
  readonly provision: boolean;
  readonly eventsUrl: string;
  readonly verbose: boolean;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

function parseDurationMs(text: string): number {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m)$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('A duration is a number with ms, s or m: 30s.');
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function parseMebibytes(text: string): number {
  if (!/^\d{3,7}$/.test(text))
    throw new InvalidArgumentError('Memory is a whole number of MiB from 100: 8192.');
  return Number(text);
}

function portOption(service: string, name: keyof typeof DEFAULT_LOCAL_CLOUD_PORTS, flag: string): Option {
  const variable = flag.replaceAll('-', '_').toUpperCase();
  return new Option(`--${flag} <port>`, `port of ${service}; 0 takes a free one`)
    .argParser(parsePort)
    .env(variable)
    .default(DEFAULT_LOCAL_CLOUD_PORTS[name]);
}

const program = new Command('npm run local-cloud --')
  .description('Pub/Sub, BigQuery, Cloud Storage and Eventarc on this machine, for the official clients.')
  .option('--host <address>', 'address to listen on; the services check no credentials', '127.0.0.1')
  .addOption(portOption('Pub/Sub (gRPC and REST)', 'pubsub', 'pubsub-port'))
  .addOption(portOption('BigQuery (REST)', 'bigquery', 'bigquery-port'))
  .addOption(portOption('BigQuery Storage Write (gRPC)', 'bigqueryStorage', 'bigquery-storage-port'))
  .addOption(portOption('Cloud Storage', 'storage', 'storage-port'))
  .addOption(portOption('Eventarc', 'eventarc', 'eventarc-port'))
  .option('--data <folder>', 'keep all state in this folder; in memory without it')
  .addOption(
    new Option(
      '--query-memory <MiB>',
      'memory of BigQuery for rows and queries; half of this machine’s without it, at most 4096',
    ).argParser(parseMebibytes),
  )
  .addOption(
    new Option(
      '--metadata-lag <duration>',
      'how long writers do not see new tables and columns, as in BigQuery: 30s',
    )
      .argParser(parseDurationMs)
      .default(0, '0s'),
  )
  .addOption(
    new Option(
      '--max-file-delay <duration>',
      'how long a message waits for its file at most, whatever its subscription says: 5s',
    ).argParser(parseDurationMs),
  )
  .option('--provision', 'create the pipeline’s topics, subscriptions, dataset and trigger', false)
  .option('--events-url <url>', 'where the trigger of --provision delivers events', 'http://127.0.0.1:8081/')
  .option('--verbose', 'print a line for each request', false)
  .addHelpText('after', '\nExit codes: 0 stopped, 1 could not start, 2 wrong arguments.')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const printRequest: RequestLog = ({ service, method, resource, status, durationMs }) => {
  console.log(
    `${service.padEnd(16)} ${method.padEnd(24)} ${status} ${durationMs.toFixed(1)} ms  ${resource}`,
  );
};

function printAddresses(cloud: LocalCloud): void {
  for (const { name, address, variable } of addressesOf(cloud))
    console.log(
      variable === undefined ? `${name.padEnd(15)}${address}` : `${name.padEnd(15)}${address}   ${variable}`,
    );
  console.log('ready; Ctrl-C stops it');
}

function explainFailure(error: unknown): string {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' || port === undefined)
    return error instanceof Error ? error.message : String(error);
  const setting = program.options.find(
    ({ long }) => long !== undefined && program.getOptionValue(camelCase(long)) === port,
  );
  return `Port ${port} is in use. Stop what listens there, or choose another with ${setting?.long ?? 'a port option'}.`;
}

function camelCase(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

async function main(): Promise<void> {
  const wanted = program.parse().opts<Arguments>();
  const cloud = await startLocalCloud({
    host: wanted.host,
    ports: {
      pubsub: wanted.pubsubPort,
      bigquery: wanted.bigqueryPort,
      bigqueryStorage: wanted.bigqueryStoragePort,
      storage: wanted.storagePort,
      eventarc: wanted.eventarcPort,
    },
    metadataLagMs: wanted.metadataLag,
    ...(wanted.maxFileDelay === undefined ? {} : { maxFileDelayMs: wanted.maxFileDelay }),
    ...(wanted.queryMemory === undefined ? {} : { queryMemoryMib: wanted.queryMemory }),
    ...(wanted.data === undefined ? {} : { dataDirectory: wanted.data }),
    ...(wanted.verbose ? { log: printRequest } : {}),
  });
  if (wanted.provision) {
    await provisionPipeline(DEFAULT_PIPELINE_NAMES, {
      pubsubUrl: cloud.urls.pubsub,
      bigqueryUrl: cloud.urls.bigquery,
      eventarcUrl: cloud.urls.eventarc,
      storageUrl: cloud.urls.storage,
      eventsUrl: wanted.eventsUrl,
    });
  }
  printAddresses(cloud);
  collectAtRest();
  const stop = (): void => {
    void cloud.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(explainFailure(error));
  process.exitCode = 1;
});
