import type { PubSub, Topic } from '@google-cloud/pubsub';
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

/**
 * One topic through the official client, which batches and tries again by itself. The only file that names it; it is
 * loaded with the first message, because it takes half a second, and most commands publish nothing.
 */
export class PubsubPublisher implements Publisher {
  #opened: Promise<{ readonly client: PubSub; readonly topic: Topic }> | null = null;

  constructor(private readonly connection: PubsubConnection) {}

  async publish({ data, attributes }: OutgoingMessage): Promise<string> {
    try {
      this.#opened ??= this.#open();
      const { topic } = await this.#opened;
      return await topic.publishMessage({ data: Buffer.from(data), attributes: { ...attributes } });
    } catch (cause) {
      throw this.#classify(cause);
    }
  }

  async close(): Promise<void> {
    await (await this.#opened)?.client.close();
  }

  async #open(): Promise<{ readonly client: PubSub; readonly topic: Topic }> {
    const { PubSub } = await import('@google-cloud/pubsub');
    const { PassThroughClient } = await import('google-auth-library');
    const { projectId, topic, emulatorHost } = this.connection;
    const client = new PubSub({
      projectId,
      ...(emulatorHost === undefined
        ? {}
        : { apiEndpoint: emulatorHost, emulatorMode: true, authClient: new PassThroughClient() }),
    });
    return { client, topic: client.topic(topic, { batching: { maxMilliseconds: 10 } }) };
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
