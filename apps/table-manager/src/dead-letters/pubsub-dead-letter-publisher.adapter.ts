import { PubSub, type ClientConfig, type Topic } from '@google-cloud/pubsub';
import type { OnApplicationShutdown } from '@nestjs/common';
import { PassThroughClient } from 'google-auth-library';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { SERVICE_VERSION } from '../service-version.js';
import { isKept, MAX_DEAD_LETTER_DATA_BYTES, toDeadLetterJson, type DeadLetter } from './dead-letter.js';
import type { DeadLetterOutcome, DeadLetterPublisher } from './dead-letter-publisher.port.js';

type Settings = Readonly<
  Pick<TableManagerSettings, 'projectId' | 'deadLetterTopic' | 'pubsubEmulatorHost' | 'eventDeadlineMs'>
>;

/** gRPC statuses: NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED. */
const SETUP_STATUSES: readonly unknown[] = [5, 7, 16];
/** ABORTED, RESOURCE_EXHAUSTED, UNAVAILABLE. Source: gRPC status codes, read 2026-11-22. */
const RETRIED_STATUSES = [10, 8, 14];
const SERVICE = { name: 'table-manager', version: SERVICE_VERSION };

/** Publishes through the official client, which is made on first use. The only file that names it. */
export class PubsubDeadLetterPublisher implements DeadLetterPublisher, OnApplicationShutdown {
  #client: PubSub | null = null;
  #topic: Topic | null = null;

  #last: DeadLetterOutcome | null = null;

  constructor(private readonly settings: Settings) {}

  get last(): DeadLetterOutcome | null {
    return this.#last;
  }

  async publish(letter: DeadLetter): Promise<DeadLetterOutcome> {
    if (!isKept(letter)) {
      // Says nothing about the topic, so it is not what the health check looks at.
      return { kind: 'failed', disposition: 'setup', message: tooLarge(letter) };
    }
    this.#last = await this.#publish(letter);
    return this.#last;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client?.close();
  }

  async #publish(letter: DeadLetter): Promise<DeadLetterOutcome> {
    try {
      await this.#useTopic().publishMessage({ data: Buffer.from(toDeadLetterJson(letter, SERVICE)) });
      return { kind: 'published' };
    } catch (cause) {
      return this.#toFailure(cause);
    }
  }

  #useTopic(): Topic {
    const { projectId, deadLetterTopic, pubsubEmulatorHost, eventDeadlineMs } = this.settings;
    this.#client ??= new PubSub({
      projectId,
      ...(pubsubEmulatorHost === undefined ? {} : toEmulator(pubsubEmulatorHost)),
    });
    this.#topic ??= this.#client.topic(deadLetterTopic, {
      batching: { maxMilliseconds: 10 },
      gaxOpts: {
        retry: {
          retryCodes: RETRIED_STATUSES,
          backoffSettings: {
            initialRetryDelayMillis: 100,
            retryDelayMultiplier: 2,
            maxRetryDelayMillis: 2_000,
            initialRpcTimeoutMillis: eventDeadlineMs,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: eventDeadlineMs,
            totalTimeoutMillis: eventDeadlineMs,
          },
        },
      },
    });
    return this.#topic;
  }

  #toFailure(cause: unknown): DeadLetterOutcome {
    const { projectId, deadLetterTopic } = this.settings;
    const status: unknown =
      typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    const words =
      typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';
    if (status === 5) {
      const remedy = `create it with gcloud pubsub topics create ${deadLetterTopic} --project ${projectId}`;
      const message = `topic ${deadLetterTopic} does not exist in project ${projectId}: ${remedy}`;
      return { kind: 'failed', disposition: 'setup', message };
    }
    const isSetup = SETUP_STATUSES.includes(status) || /default credentials/i.test(words);
    const message = `publishing to topic ${deadLetterTopic} failed: ${words}`;
    return { kind: 'failed', disposition: isSetup ? 'setup' : 'transient', message };
  }
}

/** Without a client of its own the SDK looks for credentials on the network, although the emulator asks for none. */
function toEmulator(apiEndpoint: string): ClientConfig {
  return { apiEndpoint, emulatorMode: true, authClient: new PassThroughClient() };
}

function tooLarge({ data, detail }: DeadLetter): string {
  const size = `${data.byteLength} bytes are more than a dead letter holds (${MAX_DEAD_LETTER_DATA_BYTES})`;
  return `${detail}; ${size}, and no archive has them: see that the subscription sends Pub/Sub's envelope`;
}
