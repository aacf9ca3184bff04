import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import {
  dataflowJobService,
  pipelineServices,
  ServiceProcess,
  type ServiceDefinition,
  type StartOptions,
} from '@pipeline/cli';
import {
  DEFAULT_PIPELINE_NAMES,
  provisionPipeline,
  startLocalCloud,
  type LocalCloud,
} from '@pipeline/local-cloud';
import { join } from 'node:path';
import { Balancer } from './balancer.js';
import { freePorts } from './ports.js';
import { Replicas } from './replicas.js';

const { projectId, dataset, region, topic, trigger, replayTrigger } = DEFAULT_PIPELINE_NAMES;
const HOST = '127.0.0.1';
/** Longest wait for one answer of the warehouse, in milliseconds: the audit of a long run on a busy machine. */
const QUERY_TIMEOUT_MS = 300_000;
/** Eventarc's own 10 s to 600 s between two deliveries would make a minute of faults a day of waiting. */
const RETRY_POLICY = { minimumBackoff: '0.2s', maximumBackoff: '2s' };
/** Pub/Sub itself ends a file after a minute at the soonest. */
const FILE_DELAY_MS = 1_000;

/** A module for `node --import`, and the environment that it reads. */
export interface Preload {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ReplicatedPipelineOptions {
  readonly delivery: StartOptions['delivery'];
  readonly replicas: number;
  /** Loaded into each replica before its own code. */
  readonly preload?: Preload;
  /** Environment of each replica beyond that of `npm start`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  /** Memory of the local BigQuery, in MiB; its default if absent. */
  readonly queryMemoryMib?: number;
  /** Receives every line that a replica logs. */
  readonly onLine?: (service: string, line: string) => void;
}

/** A local cloud in this process, replicas of table-manager behind a {@link Balancer}, and event-generator. */
export class ReplicatedPipeline {
  readonly sql: BigquerySql;
  readonly tables: BigqueryTableStore;

  private constructor(
    readonly cloud: LocalCloud,
    readonly balancer: Balancer,
    readonly replicas: Replicas,
    readonly eventGeneratorUrl: string,
    /** Services that are never killed. */
    private readonly others: readonly ServiceProcess[],
  ) {
    const client = new BigqueryClient({
      projectId,
      datasetId: dataset,
      timeoutMs: QUERY_TIMEOUT_MS,
      endpoint: cloud.urls.bigquery,
    });
    this.sql = new BigquerySql(client);
    this.tables = new BigqueryTableStore(client);
  }

  /** Starts everything and waits until it is ready. Stops what it started if a service fails to start. */
  static async start(options: ReplicatedPipelineOptions): Promise<ReplicatedPipeline> {
    const { delivery, logDirectory, queryMemoryMib, onLine } = options;
    const cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
      maxFileDelayMs: FILE_DELAY_MS,
      ...(queryMemoryMib === undefined ? {} : { queryMemoryMib }),
    });
    const ports = await freePorts(options.replicas + 1);
    const [eventGeneratorPort = 0, ...replicaPorts] = ports;
    const balancer = await Balancer.start(replicaPorts);
    const services = startOptions(cloud, { delivery, eventGeneratorPort });
    const [tableManager, eventGenerator] = pipelineServices(services);
    if (tableManager === undefined || eventGenerator === undefined)
      throw new Error('npm start defines no such service.');
    const replicas = new Replicas(
      replicaPorts.map((port, index) => toReplica(tableManager, { ...options, port, index })),
      logDirectory,
      onLine,
    );
    await provision(cloud, { delivery, eventsUrl: balancer.url });
    const definitions = [eventGenerator, ...(delivery === 'dataflow' ? [dataflowJobService(services)] : [])];
    const others = definitions.map(
      (definition) => new ServiceProcess(quiet(definition), join(logDirectory, `${definition.name}.log`)),
    );
    const url = `http://${HOST}:${eventGeneratorPort}`;
    const pipeline = new ReplicatedPipeline(cloud, balancer, replicas, url, others);
    try {
      await Promise.all([replicas.start(), ...others.map((service) => service.ready())]);
    } catch (cause) {
      await pipeline.stop();
      throw cause;
    }
    for (const service of others)
      void service.crashed.then(({ name, how, lastLines }) => {
        replicas.crashes.push(`${name} ended with ${how}: ${lastLines.at(-1) ?? 'it logged nothing'}`);
      });
    return pipeline;
  }

  /** Publishes a message to the events' topic as a producer does. @returns its message id */
  async publish({
    data,
    attributes,
  }: {
    readonly data: string | Buffer;
    readonly attributes: Readonly<Record<string, string>>;
  }): Promise<string> {
    const response = await fetch(
      `${this.cloud.urls.pubsub}/v1/projects/${projectId}/topics/${topic}:publish`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [{ data: Buffer.from(data).toString('base64'), attributes }] }),
      },
    );
    if (!response.ok) throw new Error(`Publishing failed: ${response.status} ${await response.text()}`);
    const { messageIds } = (await response.json()) as { readonly messageIds: readonly [string] };
    return messageIds[0];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.others.map((service) => service.stop()), this.replicas.stop()]);
    await this.balancer.stop();
    await this.cloud.stop();
  }
}

function toReplica(
  tableManager: ServiceDefinition,
  {
    port,
    index,
    replicas,
    preload,
    environment,
  }: {
    readonly port: number;
    readonly index: number;
    readonly replicas: number;
    readonly preload?: Preload;
    readonly environment?: Readonly<Record<string, string>>;
  },
): ServiceDefinition {
  const [node = '', ...rest] = tableManager.command;
  return quiet({
    ...tableManager,
    name: `table-manager-${index + 1}`,
    command: preload === undefined ? tableManager.command : [node, '--import', preload.module, ...rest],
    environment: {
      ...tableManager.environment,
      PORT: String(port),
      MAX_REPLICAS: String(replicas),
      ...environment,
      ...preload?.environment,
    },
    ready: { url: `http://${HOST}:${port}/readiness` },
  });
}

/** A line for every event would be most of the work. */
function quiet(definition: ServiceDefinition): ServiceDefinition {
  return { ...definition, environment: { ...definition.environment, LOG_LEVEL: 'warn' } };
}

async function provision(
  { urls }: LocalCloud,
  { delivery, eventsUrl }: { readonly delivery: StartOptions['delivery']; readonly eventsUrl: string },
): Promise<void> {
  await provisionPipeline(DEFAULT_PIPELINE_NAMES, {
    pubsubUrl: urls.pubsub,
    bigqueryUrl: urls.bigquery,
    storageUrl: urls.storage,
    eventarcUrl: urls.eventarc,
    eventsUrl,
    deliveryMode: delivery,
  });
  for (const name of [trigger, replayTrigger]) {
    const subscription = `projects/${projectId}/subscriptions/eventarc-${region}-${name}-sub-001`;
    const response = await fetch(`${urls.pubsub}/v1/${subscription}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        subscription: { name: subscription, retryPolicy: RETRY_POLICY },
        updateMask: 'retryPolicy',
      }),
    });
    if (!response.ok) throw new Error(`${subscription}: ${response.status} ${await response.text()}`);
  }
}

/** The options of `npm start` that say where the cloud is. */
function startOptions(
  { ports }: LocalCloud,
  {
    delivery,
    eventGeneratorPort,
  }: { readonly delivery: StartOptions['delivery']; readonly eventGeneratorPort: number },
): StartOptions {
  return {
    delivery,
    rate: 1,
    generate: false,
    exit: false,
    patience: 1,
    verbose: false,
    pubsubPort: ports.pubsub,
    bigqueryPort: ports.bigquery,
    bigqueryStoragePort: ports.bigqueryStorage,
    storagePort: ports.storage,
    eventarcPort: ports.eventarc,
    eventGeneratorPort,
    tableManagerPort: 0,
    consolePort: 0,
  };
}
