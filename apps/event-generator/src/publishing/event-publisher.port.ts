import type { PublishError } from './publish.errors.js';

/** A message to publish. */
export interface OutgoingMessage {
  /** The event, JSON in UTF-8. */
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The result of a batch. `published` holds the ids of the messages that Pub/Sub has, in the order of the request;
 * `failure` is the reason that others are missing, `null` if none is.
 */
export interface PublishOutcome {
  readonly messageIds: readonly string[];
  readonly failure: PublishError | null;
}

/** Result of the last attempt to publish; `null` before the first one. */
export type LastPublish =
  { readonly kind: 'published' } | { readonly kind: 'failed'; readonly error: PublishError } | null;

/** Publishes messages to the topic. */
export interface EventPublisher {
  /** Resolves when every message is accepted or has failed. Expected failures are values, not exceptions. */
  publish(messages: Iterable<OutgoingMessage>): Promise<PublishOutcome>;
  readonly lastPublish: LastPublish;
}

/** Token of the {@link EventPublisher}. */
export const EVENT_PUBLISHER = Symbol('EVENT_PUBLISHER');
