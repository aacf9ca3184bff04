import { DEFAULT_PIPELINE_NAMES, type ProvisionTargets } from '@pipeline/local-cloud';
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from './service-process.js';
import type { StartOptions } from './start.options.js';

const HOST = '127.0.0.1';
/** Pub/Sub itself ends a file after a minute at the soonest; a person does not want to wait that long. */
const FILE_DELAY = '10s';

function entryFile(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

/** Base URLs of everything that runs. */
export interface ServiceUrls extends ProvisionTargets {
  readonly storageUrl: string;
  readonly eventGeneratorUrl: string;
  readonly tableManagerUrl: string;
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
    eventsUrl: `${url(options.tableManagerPort)}/`,
  };
}

/** The embedded cloud as a process. */
export function localCloudService(options: StartOptions): ServiceDefinition {
  const { projectId } = DEFAULT_PIPELINE_NAMES;
  return {
    name: 'local-cloud',
    entryFile: entryFile('libs/local-cloud/dist/main.js'),
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
    readyUrl: `${serviceUrls(options).eventarcUrl}/v1/projects/${projectId}/locations/us-central1/triggers`,
  };
}

/** The two services of the pipeline, told about the local cloud by the settings they have for any cloud. */
export function pipelineServices(options: StartOptions): ServiceDefinition[] {
  const { projectId, region, topic, dataset, deadLetterTopic } = DEFAULT_PIPELINE_NAMES;
  const { bigqueryUrl, eventGeneratorUrl, tableManagerUrl } = serviceUrls(options);
  const shared = {
    GCP_PROJECT_ID: projectId,
    REGION: region,
    HOST,
    TOPIC: topic,
    PUBSUB_EMULATOR_HOST: `${HOST}:${options.pubsubPort}`,
    BIGQUERY_EMULATOR_HOST: bigqueryUrl,
    BIGQUERY_STORAGE_EMULATOR_HOST: `${HOST}:${options.bigqueryStoragePort}`,
    // No Dataflow on a laptop: table-manager writes the rows.
    DELIVERY_MODE: 'direct',
    DATASET: dataset,
    DEAD_LETTER_TOPIC: deadLetterTopic,
    TZ: 'UTC',
    // Google's authentication library: there is no metadata server on a laptop, so nobody waits for one.
    METADATA_SERVER_DETECTION: 'none',
  };
  return [
    {
      name: 'table-manager',
      entryFile: entryFile('apps/table-manager/dist/main.js'),
      args: [],
      environment: { ...shared, PORT: String(options.tableManagerPort) },
      readyUrl: `${tableManagerUrl}/readiness`,
    },
    {
      name: 'event-generator',
      entryFile: entryFile('apps/event-generator/dist/main.js'),
      args: [],
      environment: { ...shared, PORT: String(options.eventGeneratorPort) },
      readyUrl: `${eventGeneratorUrl}/readiness`,
    },
  ];
}
