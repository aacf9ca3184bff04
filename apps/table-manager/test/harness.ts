import { BigQuery } from '@google-cloud/bigquery';
import { PubSub, type Message, type Subscription } from '@google-cloud/pubsub';
import { startLocalCloud, type LocalCloud } from '@pipeline/local-cloud';
import { loadSettings, startService, type RunningService } from '@pipeline/platform';
import { PassThroughClient } from 'google-auth-library';
import { TableManagerSettings } from '../src/config/table-manager.settings.js';
import { toServiceOptions } from '../src/service-options.js';

const PROJECT = 'local-project';
const DATASET = 'prod_events_dataset';
const DEAD_LETTERS = 'backend-events-dead-letter';

export type Row = Readonly<Record<string, unknown>>;

/** The answer to a push. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** table-manager instances on the local cloud's BigQuery and Pub/Sub, with the official clients to look behind them. */
export class Harness {
  readonly #services: RunningService[] = [];
  readonly #letters = new Map<string, Row>();
  #nextId = 0;
  #subscription: Subscription | null = null;
  #onLetter: () => void = () => undefined;

  private constructor(
    private readonly cloud: LocalCloud,
    readonly bigquery: BigQuery,
    private readonly pubsub: PubSub,
    /** Requests to the local cloud: service, method, resource, status. */
    private readonly requests: readonly string[],
  ) {}

  /** @param dataset false: the dataset is not there yet */
  static async start({ dataset = true, metadataLagMs = 0 } = {}): Promise<Harness> {
    const ports = { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 };
    const requests: string[] = [];
    const cloud = await startLocalCloud({
      ports,
      metadataLagMs,
      log: ({ service, method, resource, status }) => {
        requests.push(`${service} ${method} ${resource} ${status}`);
      },
    });
    const apiEndpoint = cloud.urls.bigquery;
    const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint, authClient: new PassThroughClient() });
    const pubsub = new PubSub({
      projectId: PROJECT,
      apiEndpoint: new URL(cloud.urls.pubsub).host,
      emulatorMode: true,
      authClient: new PassThroughClient(),
    });
    const harness = new Harness(cloud, bigquery, pubsub, requests);
    if (dataset) {
      await harness.createDataset();
    }
    const [topic] = await pubsub.createTopic(DEAD_LETTERS);
    const [subscription] = await topic.createSubscription('letters');
    harness.#collect(subscription);
    return harness;
  }

  /** Base URL of the local BigQuery. */
  get bigqueryUrl(): string {
    return this.cloud.urls.bigquery;
  }

  async createDataset(): Promise<void> {
    await this.bigquery.createDataset(DATASET);
  }

  /** Settings of an instance on this cloud. */
  environment(): Readonly<Record<string, string>> {
    return {
      HOST: '127.0.0.1',
      PORT: '0',
      DELIVERY_MODE: 'direct',
      BIGQUERY_EMULATOR_HOST: this.cloud.urls.bigquery,
      BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${this.cloud.ports.bigqueryStorage}`,
      PUBSUB_EMULATOR_HOST: new URL(this.cloud.urls.pubsub).host,
    };
  }

  async startInstance(env: Record<string, string> = {}): Promise<string> {
    const settings = loadSettings(TableManagerSettings, {
      ...this.environment(),
      LOG_LEVEL: 'silent',
      ...env,
    });
    const options = toServiceOptions(settings);
    const service = await startService({ ...options, name: 'table-manager', settings });
    this.#services.push(service);
    return service.url;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.stop()));
    await this.#subscription?.close();
    await this.pubsub.close();
    await this.cloud.stop();
  }

  /** A message id that nothing else has. */
  newId(): string {
    return `m${++this.#nextId}`;
  }

  /** Deliver an event as a wrapped push. @returns its message id; throws unless it is acknowledged */
  async deliver(url: string, event: object, attributes: Record<string, string> = {}): Promise<string> {
    const messageId = this.newId();
    const { status, body } = await push(url, messageId, JSON.stringify(event), attributes);
    if (status !== 204) {
      throw new Error(`${status} ${JSON.stringify(body)}`);
    }
    return messageId;
  }

  async rows(table: string): Promise<readonly Row[]> {
    const query = `SELECT * FROM \`${PROJECT}.${DATASET}.${table}\` ORDER BY _message_id`;
    const [rows] = await this.bigquery.query({ query });
    return rows as readonly Row[];
  }

  async messageIds(table: string): Promise<ReadonlySet<unknown>> {
    const query = `SELECT _message_id FROM \`${PROJECT}.${DATASET}.${table}\``;
    const [rows] = await this.bigquery.query({ query });
    return new Set((rows as readonly Row[]).map((row) => row['_message_id']));
  }

  async row(table: string, messageId: string): Promise<Row> {
    const row = (await this.rows(table)).find((candidate) => candidate['_message_id'] === messageId);
    if (row === undefined) {
      throw new Error(`${messageId} is not in ${table}`);
    }
    return row;
  }

  /** The rows of a table or view that is being made. */
  async rowsOnceThere(table: string): Promise<readonly Row[]> {
    for (;;) {
      const [isThere] = await this.bigquery.dataset(DATASET).table(table).exists();
      if (isThere) {
        return this.rows(table);
      }
    }
  }

  async metadata(table: string): Promise<Readonly<Record<string, unknown>>> {
    const [metadata] = (await this.bigquery.dataset(DATASET).table(table).getMetadata()) as unknown as [Row];
    return metadata;
  }

  /** Number of successful schema patches of a table. */
  patchesOf(table: string): number {
    return this.requests.filter((line) => line.includes('PATCH') && line.endsWith(`/tables/${table} 200`))
      .length;
  }

  async dropTable(table: string): Promise<void> {
    await this.bigquery.dataset(DATASET).table(table).delete();
  }

  /** The dead letter that the condition picks, once it is there. */
  async letter(isIt: (letter: Row) => boolean): Promise<Row> {
    for (;;) {
      const found = [...this.#letters.values()].find(isIt);
      if (found !== undefined) {
        return found;
      }
      await new Promise<void>((resolve) => (this.#onLetter = resolve));
    }
  }

  /** Resolves if each message has a dead letter; until then it waits, at most `limitMs`. @returns those without one */
  async withoutLetter(messageIds: readonly string[], limitMs: number): Promise<readonly string[]> {
    const untilMs = Date.now() + limitMs;
    for (;;) {
      const withLetter = new Set([...this.#letters.values()].map((letter) => letter['message_id']));
      const without = messageIds.filter((id) => !withLetter.has(id));
      if (without.length === 0 || Date.now() > untilMs) return without;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #collect(subscription: Subscription): void {
    this.#subscription = subscription;
    subscription.on('message', (message: Message) => {
      this.#letters.set(message.id, JSON.parse(message.data.toString()) as Row);
      message.ack();
      this.#onLetter();
    });
  }
}

/** POST a wrapped push; `data` is encoded here. */
export async function push(
  url: string,
  messageId: string,
  data: string | Buffer,
  attributes: Record<string, string> = {},
  publishTime = new Date().toISOString(),
): Promise<Answer> {
  const message = { messageId, publishTime, attributes, data: Buffer.from(data).toString('base64') };
  return post(url, JSON.stringify({ message, subscription: 'projects/p/subscriptions/s' }), {
    'content-type': 'application/json',
  });
}

export async function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}
