import { DEFAULT_PIPELINE_NAMES, type ProvisionTargets } from '@pipeline/local-cloud';
import { pathToFileURL } from 'node:url';
import { repositoryFile } from './repository-file.js';
import type { ServiceDefinition } from './service-process.js';
import type { StartOptions } from './start.options.js';

const HOST = '127.0.0.1';
/** Pub/Sub itself ends a file after a minute at the soonest; a person does not want to wait that long. */
const FILE_DELAY = '10s';

/** A service of ours: the same Node, and a preload that ends it with us. */
function nodeCommand(entryFile: string): readonly string[] {
  const preload = pathToFileURL(repositoryFile('apps/cli/dist/start/exit-with-parent.js')).href;
  return [process.execPath, '--import', preload, repositoryFile(entryFile)];
}

/** Base URLs of everything that runs. */
export interface ServiceUrls extends ProvisionTargets {
  readonly storageUrl: string;
  readonly eventGeneratorUrl: string;
  readonly tableManagerUrl: string;
  readonly consoleUrl: string;
}

export function serviceUrls(options: StartOptions): ServiceUrls {
  const url = (port: number): string => `http://${HOST}:${port}`;
  return {
    pubsubUrl: url(options.pubsubPort),
    bigqueryUrl: url(options.bigqueryPort),
    storageUrl: url(options.storagePort),
    eventarcUrl: url(options.eventarcPort),
    eventGeneratorUrl: url(options.eventGeneratorPort),
    tableManagerUrl: url(options.tableManagerPort),
    consoleUrl: url(options.consolePort),
    eventsUrl: `${url(options.tableManagerPort)}/`,
  };
}

/** Names and addresses of everything that runs on this machine, for the console. */
function localAddresses(options: StartOptions): Readonly<Record<string, string>> {
  const urls = serviceUrls(options);
  return {
    'table-manager': urls.tableManagerUrl,
    'event-generator': urls.eventGeneratorUrl,
    'Pub/Sub': urls.pubsubUrl,
    BigQuery: urls.bigqueryUrl,
    'BigQuery Storage Write': `http://${HOST}:${options.bigqueryStoragePort}`,
    'Cloud Storage': urls.storageUrl,
    Eventarc: urls.eventarcUrl,
  };
}

/** The embedded cloud as a process. */
export function localCloudService(options: StartOptions): ServiceDefinition {
  const { projectId } = DEFAULT_PIPELINE_NAMES;
  return {
    name: 'local-cloud',
    command: nodeCommand('libs/local-cloud/dist/main.js'),
    args: [
      ['--pubsub-port', options.pubsubPort],
      ['--bigquery-port', options.bigqueryPort],
      ['--bigquery-storage-port', options.bigqueryStoragePort],
      ['--storage-port', options.storagePort],
      ['--eventarc-port', options.eventarcPort],
      ['--max-file-delay', FILE_DELAY],
      ...(options.data === undefined ? [] : [['--data', options.data]]),
    ].flatMap((argument) => argument.map(String)),
    environment: {},
    // Eventarc starts last: when it answers, everything does.
    ready: {
      url: `${serviceUrls(options).eventarcUrl}/v1/projects/${projectId}/locations/us-central1/triggers`,
    },
  };
}

/** The services of the pipeline, configured for the local cloud by their usual settings. */
export function pipelineServices(options: StartOptions): ServiceDefinition[] {
  const { projectId, region, topic, dataset, deadLetterTopic } = DEFAULT_PIPELINE_NAMES;
  const { bigqueryUrl, consoleUrl, eventGeneratorUrl, tableManagerUrl } = serviceUrls(options);
  const shared = {
    GCP_PROJECT_ID: projectId,
    REGION: region,
    HOST,
    TOPIC: topic,
    PUBSUB_EMULATOR_HOST: `${HOST}:${options.pubsubPort}`,
    BIGQUERY_EMULATOR_HOST: bigqueryUrl,
    // A laptop may try out any number of types.
    MAX_NEW_TABLES_PER_HOUR: '100000',
    MAX_TABLES_PER_DATASET: '100000',
    BIGQUERY_STORAGE_EMULATOR_HOST: `${HOST}:${options.bigqueryStoragePort}`,
    DELIVERY_MODE: options.delivery,
    // A laptop has no Cloud Scheduler.
    PROMOTION_INTERVAL_SECONDS: '5',
    NOTICE_INTERVAL_SECONDS: '60',
    DATASET: dataset,
    DEAD_LETTER_TOPIC: deadLetterTopic,
    TZ: 'UTC',
    // Google's authentication library: a laptop has no metadata server to wait for.
    METADATA_SERVER_DETECTION: 'none',
  };
  return [
    {
      name: 'table-manager',
      command: nodeCommand('apps/table-manager/dist/main.js'),
      args: [],
      environment: { ...shared, PORT: String(options.tableManagerPort) },
      ready: { url: `${tableManagerUrl}/readiness` },
    },
    {
      name: 'event-generator',
      command: nodeCommand('apps/event-generator/dist/main.js'),
      args: [],
      environment: { ...shared, PORT: String(options.eventGeneratorPort) },
      ready: { url: `${eventGeneratorUrl}/readiness` },
    },
    {
      name: 'console',
      command: nodeCommand('apps/console/dist/main.js'),
      args: [],
      // Queries of the local cloud cost nothing.
      environment: {
        ...shared,
        PORT: String(options.consolePort),
        REFRESH_SECONDS: '2',
        // The pipeline of a laptop is its user's.
        CONSOLE_ROLE: 'admin',
        LOCAL_ADDRESSES: JSON.stringify(localAddresses(options)),
      },
      ready: { url: `${consoleUrl}/readiness` },
    },
  ];
}
