import type { OnApplicationShutdown } from '@nestjs/common';
import { CloudError, PubsubPublisher, type Publisher } from '@pipeline/google-clients';
import type { EventGeneratorSettings } from '../config/event-generator.settings.js';
import type { EventPublisher, LastPublish, OutgoingMessage, PublishOutcome } from './event-publisher.port.js';
import type { PublishError } from './publish.errors.js';
import { toPublishError } from './to-publish-error.js';

/** Messages of one request in flight at a time: Pub/Sub's limit per publish request (read 2026-11-22). */
const MAX_BATCH_MESSAGES = 1_000;
/** Bytes of one request in flight at a time, so that events near Pub/Sub's limit do not fill the memory. */
const MAX_OUTSTANDING_BYTES = 64 * 1024 * 1024;

type Settings = Readonly<
  Pick<EventGeneratorSettings, 'projectId' | 'topic' | 'pubsubEmulatorHost' | 'publishTimeoutMs'>
>;

/** Publishes events in batches, so that a failure is known before the next batch. */
export class PubsubEventPublisher implements EventPublisher, OnApplicationShutdown {
  readonly #publisher: Publisher;
  #last: LastPublish = null;

  constructor(private readonly settings: Settings) {
    const { projectId, topic, pubsubEmulatorHost, publishTimeoutMs } = settings;
    this.#publisher = new PubsubPublisher({
      projectId,
      topic,
      timeoutMs: publishTimeoutMs,
      ...(pubsubEmulatorHost === undefined ? {} : { emulatorHost: pubsubEmulatorHost }),
    });
  }

  get lastPublish(): LastPublish {
    return this.#last;
  }

  async publish(messages: Iterable<OutgoingMessage>): Promise<PublishOutcome> {
    const messageIds: string[] = [];
    for (const batch of inBatches(messages)) {
      const failure = await this.#publishBatch(batch, messageIds);
      if (failure !== null) {
        this.#last = { kind: 'failed', error: failure };
        return { messageIds, failure };
      }
    }
    this.#last = { kind: 'published' };
    return { messageIds, failure: null };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#publisher.close();
  }

  /** Waits for every message of the batch, so that a failure does not hide the messages that Pub/Sub stored. */
  async #publishBatch(batch: readonly OutgoingMessage[], messageIds: string[]): Promise<PublishError | null> {
    const results = await Promise.allSettled(batch.map((message) => this.#publisher.publish(message)));
    let failure: PublishError | null = null;
    for (const result of results) {
      if (result.status === 'fulfilled') {
        messageIds.push(result.value);
      } else {
        const { projectId: project, topic } = this.settings;
        failure ??= toPublishError(CloudError.from(result.reason), { project, topic });
      }
    }
    return failure;
  }
}

function* inBatches(messages: Iterable<OutgoingMessage>): Generator<OutgoingMessage[], void, undefined> {
  let batch: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    batch.push(message);
    bytes += message.data.byteLength;
    if (batch.length === MAX_BATCH_MESSAGES || bytes >= MAX_OUTSTANDING_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}
