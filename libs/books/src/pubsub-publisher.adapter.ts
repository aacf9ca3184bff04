import { PubSub, type Topic } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { BooksError } from './books.errors.js';
import type { OutgoingMessage, Publisher } from './publisher.port.js';

export interface PubsubConnection {
  readonly projectId: string;
  readonly topic: string;
  /** host:port of an emulator; without it the real service and real credentials are used. */
  readonly emulatorHost?: string;
}

const NOT_FOUND = 5;
/** PERMISSION_DENIED, UNAUTHENTICATED. Source: gRPC status codes, read 2026-11-23. */
const DENIED: readonly unknown[] = [7, 16];

/** One topic through the official client, which batches and tries again by itself. The only file that names it. */
export class PubsubPublisher implements Publisher {
  readonly #client: PubSub;
  readonly #topic: Topic;

  constructor(private readonly connection: PubsubConnection) {
    const { projectId, topic, emulatorHost } = connection;
    this.#client = new PubSub({
      projectId,
      ...(emulatorHost === undefined
        ? {}
        : { apiEndpoint: emulatorHost, emulatorMode: true, authClient: new PassThroughClient() }),
    });
    this.#topic = this.#client.topic(topic, { batching: { maxMilliseconds: 10 } });
  }

  async publish({ data, attributes }: OutgoingMessage): Promise<string> {
    try {
      return await this.#topic.publishMessage({ data: Buffer.from(data), attributes: { ...attributes } });
    } catch (cause) {
      throw this.#classify(cause);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #classify(cause: unknown): BooksError {
    const { projectId, topic } = this.connection;
    const code: unknown =
      typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    const words = cause instanceof Error ? cause.message : String(cause);
    if (code === NOT_FOUND) {
      const message = `topic ${topic} does not exist in project ${projectId}: create it with gcloud pubsub topics create ${topic} --project ${projectId}`;
      return new BooksError({ code: 'TOPIC_NOT_FOUND', message, cause });
    }
    if (DENIED.includes(code) || /default credentials/i.test(words)) {
      const message = `publishing to topic ${topic} is not allowed: ${words}`;
      return new BooksError({ code: 'PERMISSION_DENIED', message, cause });
    }
    return new BooksError({
      code: 'PUBLISH_FAILED',
      message: `publishing to topic ${topic} failed: ${words}`,
      cause,
    });
  }
}
