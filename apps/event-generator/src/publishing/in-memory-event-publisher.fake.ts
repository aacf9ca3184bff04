import type { EventPublisher, LastPublish, OutgoingMessage, PublishOutcome } from './event-publisher.port.js';
import type { PublishError } from './publish.errors.js';

/** Keeps messages in a list, with ids `1`, `2`, …; a scripted failure occurs once, after the given number of messages. */
export class InMemoryEventPublisher implements EventPublisher {
  readonly messages: OutgoingMessage[] = [];
  #scripted: { error: PublishError; after: number } | null = null;
  #last: LastPublish = null;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  get lastPublish(): LastPublish {
    return this.#last;
  }

  failOnce(error: PublishError, after = 0): void {
    this.#scripted = { error, after };
  }

  /** Resolves when that many messages were published. */
  hasAtLeast(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#wake();
    });
  }

  #wake(): void {
    for (const { count, resolve } of this.#waiting) {
      if (this.messages.length >= count) {
        resolve();
      }
    }
  }

  publish(messages: Iterable<OutgoingMessage>): Promise<PublishOutcome> {
    const scripted = this.#scripted;
    this.#scripted = null;
    const messageIds: string[] = [];
    for (const message of messages) {
      if (scripted !== null && messageIds.length >= scripted.after) {
        this.#last = { kind: 'failed', error: scripted.error };
        return Promise.resolve({ messageIds, failure: scripted.error });
      }
      this.messages.push(message);
      messageIds.push(String(this.messages.length));
    }
    this.#last = { kind: 'published' };
    this.#wake();
    return Promise.resolve({ messageIds, failure: null });
  }
}
