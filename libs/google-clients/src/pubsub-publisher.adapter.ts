import type { ClientConfig, PubSub, Topic } from '@google-cloud/pubsub';
import { classifyCloudError } from './cloud-error.classifier.js';
import { CloudError } from './cloud.errors.js';
import type { OutgoingMessage, Publisher } from './publisher.port.js';
import { clientRetry } from './retry-policy.js';

export interface PubsubConnection {
  readonly projectId: string;
  readonly topic: string;
  /** host:port of an emulator; without it the real service and real credentials are used. */
  readonly emulatorHost?: string;
  /** Longest time for one message, retries included, in milliseconds. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** One request: Pub/Sub's limit of messages (read 2026-11-22), and well below its 10 MB. */
const BATCHING = { maxMessages: 1_000, maxBytes: 4 * 1024 * 1024, maxMilliseconds: 10 };

interface Opened {
  readonly client: PubSub;
  readonly topic: Topic;
}

/**
 * One topic through the official client, which batches and retries. The client is loaded with the first message: a
 * start needs neither network nor credentials, and most commands publish nothing.
 */
export class PubsubPublisher implements Publisher {
  #opened: Promise<Opened> | null = null;

  constructor(private readonly connection: PubsubConnection) {}

  async publish({ data, attributes }: OutgoingMessage): Promise<string> {
    try {
      const { topic } = await (this.#opened ??= this.#open());
      return await topic.publishMessage({ data: toBuffer(data), attributes: { ...attributes } });
    } catch (cause) {
      throw this.#explain(classifyCloudError(cause, { service: 'Pub/Sub' }));
    }
  }

  async close(): Promise<void> {
    await (await this.#opened)?.client.close();
  }

  async #open(): Promise<Opened> {
    const { PubSub } = await import('@google-cloud/pubsub');
    const { projectId, topic, emulatorHost, timeoutMs = DEFAULT_TIMEOUT_MS } = this.connection;
    const client = new PubSub({
      projectId,
      ...(emulatorHost === undefined ? {} : await toEmulator(emulatorHost)),
    });
    return {
      client,
      topic: client.topic(topic, { batching: BATCHING, gaxOpts: { retry: clientRetry(timeoutMs) } }),
    };
  }

  #explain({ code, message: words, status, cause }: CloudError): CloudError {
    const { projectId, topic } = this.connection;
    const remedy = `create it with gcloud pubsub topics create ${topic} --project ${projectId}`;
    const message =
      code === 'TOPIC_NOT_FOUND'
        ? `topic ${topic} does not exist in project ${projectId}: ${remedy}`
        : `publishing to topic ${topic} ${code === 'PERMISSION_DENIED' ? 'is not allowed' : 'failed'}: ${words}`;
    return new CloudError({ code, message, service: 'Pub/Sub', status, cause });
  }
}

/** Without a client of its own the SDK looks for credentials on the network, although the emulator asks for none. */
async function toEmulator(apiEndpoint: string): Promise<ClientConfig> {
  const { PassThroughClient } = await import('google-auth-library');
  return { apiEndpoint, emulatorMode: true, authClient: new PassThroughClient() };
}

function toBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
