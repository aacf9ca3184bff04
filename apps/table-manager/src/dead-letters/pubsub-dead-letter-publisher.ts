import type { OnApplicationShutdown } from '@nestjs/common';
import { CloudError, PubsubPublisher, type Publisher } from '@pipeline/google-clients';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { SERVICE_VERSION } from '../service-version.js';
import { isKept, MAX_DEAD_LETTER_DATA_BYTES, toDeadLetterJson, type DeadLetter } from './dead-letter.js';
import type { DeadLetterOutcome, DeadLetterPublisher } from './dead-letter-publisher.port.js';

type Settings = Readonly<
  Pick<TableManagerSettings, 'projectId' | 'deadLetterTopic' | 'pubsubEmulatorHost' | 'eventDeadlineMs'>
>;

/** Time for a letter of megabytes from a busy instance; a heavy event's work goes on for as long after its delivery. */
const LARGE_LETTER_MS = 30_000;
const SERVICE = { name: 'table-manager', version: SERVICE_VERSION };

/** Publishes dead letters to their topic. */
export class PubsubDeadLetterPublisher implements DeadLetterPublisher, OnApplicationShutdown {
  readonly #publisher: Publisher;
  #last: DeadLetterOutcome | null = null;

  constructor({ projectId, deadLetterTopic, pubsubEmulatorHost, eventDeadlineMs }: Settings) {
    this.#publisher = new PubsubPublisher({
      projectId,
      topic: deadLetterTopic,
      timeoutMs: Math.max(eventDeadlineMs, LARGE_LETTER_MS),
      ...(pubsubEmulatorHost === undefined ? {} : { emulatorHost: pubsubEmulatorHost }),
    });
  }

  get last(): DeadLetterOutcome | null {
    return this.#last;
  }

  async publish(letter: DeadLetter): Promise<DeadLetterOutcome> {
    if (!isKept(letter)) {
      // Says nothing about the topic, so the health check does not look at it.
      return { kind: 'failed', disposition: 'setup', message: tooLarge(letter) };
    }
    this.#last = await this.#publish(letter);
    return this.#last;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#publisher.close();
  }

  async #publish(letter: DeadLetter): Promise<DeadLetterOutcome> {
    try {
      await this.#publisher.publish({
        data: Buffer.from(toDeadLetterJson(letter, SERVICE)),
        attributes: {},
      });
      return { kind: 'published' };
    } catch (cause) {
      const { disposition, message } = CloudError.from(cause);
      // A dead letter that Pub/Sub refuses stays with the message, which is redelivered.
      return { kind: 'failed', disposition: disposition === 'setup' ? 'setup' : 'transient', message };
    }
  }
}

function tooLarge({ data, detail }: DeadLetter): string {
  const size = `${data.byteLength} bytes are more than a dead letter holds (${MAX_DEAD_LETTER_DATA_BYTES})`;
  return `${detail}; ${size}, and no archive has them: see that the subscription sends Pub/Sub's envelope`;
}
