import { PubSub, type ClientConfig, type PublishOptions, type Topic } from '@google-cloud/pubsub';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { EventGeneratorSettings } from '../config/event-generator.settings.js';
import type { EventPublisher, LastPublish, OutgoingMessage, PublishOutcome } from './event-publisher.port.js';
import type { PublishError } from './publish.errors.js';
import { classifyPubsubError } from './pubsub-error.classifier.js';

/** Messages of one request under way at a time, and in one call: Pub/Sub's limit per publish request (read 2026-11-22). */
const MAX_BATCH_MESSAGES = 1_000;
/** Well below Pub/Sub's 10 MB per publish request. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Bytes of one request under way at a time, so that events near Pub/Sub's limit do not fill the memory. */
const MAX_OUTSTANDING_BYTES = 64 * 1024 * 1024;
/** How long a batch that is not full waits for company. */
const MAX_BATCH_WAIT_MS = 10;
/** gRPC statuses that the client tries again: ABORTED, RESOURCE_EXHAUSTED, UNAVAILABLE, DEADLINE_EXCEEDED. */
const RETRIED_STATUSES = [10, 8, 14, 4];

type Settings = Readonly<
  Pick<EventGeneratorSettings, 'projectId' | 'topic' | 'pubsubEmulatorHost' | 'publishTimeoutMs'>
>;

/** Publishes through the official client, which is made on first use: a start needs neither network nor credentials. */
export class PubsubEventPublisher implements EventPublisher, OnApplicationShutdown {
  private client: PubSub | null = null;
  private topic: Topic | null = null;
  private last: LastPublish = null;

  constructor(private readonly settings: Settings) {}

  get lastPublish(): LastPublish {
    return this.last;
  }

  async publish(messages: Iterable<OutgoingMessage>): Promise<PublishOutcome> {
    const messageIds: string[] = [];
    for (const batch of inBatches(messages)) {
      const failure = await this.publishBatch(batch, messageIds);
      if (failure !== null) {
        this.last = { kind: 'failed', error: failure };
        return { messageIds, failure };
      }
    }
    this.last = { kind: 'published' };
    return { messageIds, failure: null };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.close();
  }

  /** Waits for every message of the batch, so that a failure cannot hide what Pub/Sub did take. */
  private async publishBatch(
    batch: readonly OutgoingMessage[],
    messageIds: string[],
  ): Promise<PublishError | null> {
    const topic = this.useTopic();
    const results = await Promise.allSettled(
      batch.map(({ data, attributes }) => topic.publishMessage({ data, attributes: { ...attributes } })),
    );
    let failure: PublishError | null = null;
    for (const result of results) {
      if (result.status === 'fulfilled') {
        messageIds.push(result.value);
      } else {
        failure ??= classifyPubsubError(result.reason, {
          project: this.settings.projectId,
          topic: this.settings.topic,
        });
      }
    }
    return failure;
  }

  private useTopic(): Topic {
    if (this.topic === null) {
      const { projectId, pubsubEmulatorHost, topic } = this.settings;
      this.client = new PubSub({
        projectId,
        ...(pubsubEmulatorHost === undefined ? {} : toEmulatorOptions(pubsubEmulatorHost)),
      });
      this.topic = this.client.topic(topic, this.createPublishOptions());
    }
    return this.topic;
  }

  /** The client's own default would retry for ten minutes while the caller waits. */
  private createPublishOptions(): PublishOptions {
    const { publishTimeoutMs } = this.settings;
    return {
      batching: {
        maxMessages: MAX_BATCH_MESSAGES,
        maxBytes: MAX_BATCH_BYTES,
        maxMilliseconds: MAX_BATCH_WAIT_MS,
      },
      gaxOpts: {
        retry: {
          retryCodes: RETRIED_STATUSES,
          backoffSettings: {
            initialRetryDelayMillis: 100,
            retryDelayMultiplier: 2,
            maxRetryDelayMillis: 5_000,
            initialRpcTimeoutMillis: publishTimeoutMs,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: publishTimeoutMs,
            totalTimeoutMillis: publishTimeoutMs,
          },
        },
      },
    };
  }
}

/** With the universe named, the client looks for no credentials, which offline would take it seconds. */
function toEmulatorOptions(host: string): ClientConfig {
  return { apiEndpoint: host, emulatorMode: true, clientOptions: { universeDomain: 'googleapis.com' } };
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
