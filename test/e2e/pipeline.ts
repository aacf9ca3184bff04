import { BigQuery } from '@google-cloud/bigquery';
import { PubSub } from '@google-cloud/pubsub';
import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import {
  DEFAULT_PIPELINE_NAMES,
  provisionPipeline,
  startLocalCloud,
  type LocalCloud,
} from '@pipeline/local-cloud';
import { PassThroughClient } from 'google-auth-library';
import { freePort } from '../harness/ports.js';
import { startApp, type Service } from './service.js';

const { projectId, dataset, topic, region, deadLetterTopic } = DEFAULT_PIPELINE_NAMES;

/** The subscription of Eventarc; its name contains the region and the trigger. */
const MANAGED_SUBSCRIPTION = `eventarc-${region}-${DEFAULT_PIPELINE_NAMES.trigger}-sub-001`;

/** A column as `INFORMATION_SCHEMA` has it: path → type. */
export type ColumnTypes = Record<string, string>;

/** The whole pipeline of one suite: local cloud, provisioned; services as processes; the official clients. */
export class Pipeline {
  private readonly services: Service[] = [];
  private readonly pubsub: PubSub;
  readonly bigquery: BigQuery;
  /** The same dataset as the product reads it. */
  readonly sql: BigquerySql;
  readonly tables: BigqueryTableStore;

  private constructor(
    readonly cloud: LocalCloud,
    readonly tableManagerPort: number,
  ) {
    this.pubsub = new PubSub({
      projectId,
      apiEndpoint: `127.0.0.1:${cloud.ports.pubsub}`,
      emulatorMode: true,
    });
    this.bigquery = new BigQuery({
      projectId,
      apiEndpoint: cloud.urls.bigquery,
      authClient: new PassThroughClient(),
    });
    const client = new BigqueryClient({ projectId, datasetId: dataset, endpoint: cloud.urls.bigquery });
    this.sql = new BigquerySql(client);
    this.tables = new BigqueryTableStore(client);
  }

  static async start({ provision = true } = {}): Promise<Pipeline> {
    const cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
      // Pub/Sub itself ends a file after a minute at the soonest.
      maxFileDelayMs: 500,
    });
    const pipeline = new Pipeline(cloud, await freePort());
    if (provision) await pipeline.provision();
    return pipeline;
  }

  /** Creates topics, subscriptions, dataset and trigger; events go to `eventsUrl`, by default table-manager. */
  async provision(eventsUrl = `http://127.0.0.1:${this.tableManagerPort}/`): Promise<void> {
    const { pubsub, bigquery, eventarc, storage } = this.cloud.urls;
    await provisionPipeline(DEFAULT_PIPELINE_NAMES, {
      pubsubUrl: pubsub,
      bigqueryUrl: bigquery,
      eventarcUrl: eventarc,
      storageUrl: storage,
      eventsUrl,
    });
  }

  async startTableManager(
    port = this.tableManagerPort,
    settings: Record<string, string> = {},
  ): Promise<Service> {
    return this.keep(await startApp('table-manager', { ...this.environment(), ...settings }, port));
  }

  async startEventGenerator(): Promise<Service> {
    return this.keep(await startApp('event-generator', this.environment()));
  }

  async startConsole(environment: Readonly<Record<string, string>> = {}): Promise<Service> {
    const settings = {
      ...this.environment(),
      LOCAL_ADDRESSES: JSON.stringify(this.cloud.urls),
      REFRESH_SECONDS: '1',
      ...environment,
    };
    return this.keep(await startApp('console', settings));
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.splice(0).map((service) => service.kill('SIGTERM')));
    await this.pubsub.close();
    await this.cloud.stop();
  }

  /** Publish one message as a producer does. @returns its message id */
  async publish(data: string | Buffer | object, attributes: Record<string, string> = {}): Promise<string> {
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
    return this.pubsub.topic(topic).publishMessage({ data: bytes, attributes });
  }

  /** Deliver again after `minimumMs` to `maximumMs` what was not acknowledged; Eventarc's own 10 to 600 s are long for a suite. */
  async redeliverAfter(minimumMs: number, maximumMs: number): Promise<void> {
    const retryPolicy = { minimumBackoff: toDuration(minimumMs), maximumBackoff: toDuration(maximumMs) };
    await this.pubsub.subscription(MANAGED_SUBSCRIPTION).setMetadata({ retryPolicy });
  }

  /** A call that changes how the embedded BigQuery behaves: `PUT metadata-lag`, `POST faults`, `DELETE faults`, … */
  async admin(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.cloud.urls.bigquery}/admin/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }

  async query<Row>(sql: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const [rows] = await this.bigquery.query({ query: sql, params, location: region });
    return rows as Row[];
  }

  /** Sets labels of a table, for example the verbs of a contract. */
  async labelTable(table: string, labels: Readonly<Record<string, string>>): Promise<void> {
    await this.bigquery.dataset(dataset).table(table).setMetadata({ labels });
  }

  /** The row of one message. Errors: throws while there is none. */
  async row(table: string, messageId: string): Promise<Record<string, unknown>> {
    const rows = await this.query<Record<string, unknown>>(
      `SELECT * FROM \`${dataset}.${table}\` WHERE _message_id = @messageId`,
      { messageId },
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`message ${messageId} is not in ${table}`);
    return row;
  }

  /** Ids in a table, each once. */
  async messageIds(table: string): Promise<Set<string>> {
    const rows = await this.query<{ id: string }>(
      `SELECT DISTINCT _message_id AS id FROM \`${dataset}.${table}\``,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Ids of everything that is a row of an event or a dead letter, in one query: under faults each may fail. */
  async messageIdsAnywhere(tables: readonly string[]): Promise<Set<string>> {
    const sources = [
      ...tables.map((table) => `SELECT _message_id AS id FROM \`${dataset}.${table}\``),
      `SELECT message_id AS id FROM \`${dataset}.dead_letters\``,
    ];
    const rows = await this.query<{ id: string }>(`SELECT DISTINCT id FROM (${sources.join(' UNION ALL ')})`);
    return new Set(rows.map(({ id }) => id));
  }

  async columnTypes(table: string): Promise<ColumnTypes> {
    const rows = await this.query<{ field_path: string; data_type: string }>(
      `SELECT field_path, data_type FROM \`${dataset}\`.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS WHERE table_name = @table`,
      { table },
    );
    return Object.fromEntries(rows.map(({ field_path: path, data_type: type }) => [path, type]));
  }

  /** The dead letter of one message. Errors: throws while there is none. */
  async deadLetter(messageId: string): Promise<Record<string, unknown>> {
    const rows = await this.query<Record<string, unknown>>(
      `SELECT * FROM \`${dataset}.dead_letters\` WHERE message_id = @messageId`,
      { messageId },
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`message ${messageId} has no dead letter`);
    return row;
  }

  private environment(): Record<string, string> {
    return {
      GCP_PROJECT_ID: projectId,
      REGION: region,
      TOPIC: topic,
      DATASET: dataset,
      DEAD_LETTER_TOPIC: deadLetterTopic,
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${this.cloud.ports.pubsub}`,
      BIGQUERY_EMULATOR_HOST: this.cloud.urls.bigquery,
      BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${this.cloud.ports.bigqueryStorage}`,
      DELIVERY_MODE: 'direct',
      METADATA_SERVER_DETECTION: 'none',
    };
  }

  private keep(service: Service): Service {
    this.services.push(service);
    return service;
  }
}

function toDuration(milliseconds: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 };
}
