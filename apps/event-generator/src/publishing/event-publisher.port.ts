import type { PublishError } from './publish.errors.js';

/** A message as it goes out. */
export interface OutgoingMessage {
  /** The event, JSON in UTF-8. */
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * What became of a batch. `published` holds the ids of the messages Pub/Sub has, in the order they were given;
 * `failure` says why the others are missing, `null` when none is.
 */
export interface PublishOutcome {
  readonly messageIds: readonly string[];
  readonly failure: PublishError | null;
}

/** What the last attempt to publish was like; `null` before the first one. */
export type LastPublish =
  { readonly kind: 'published' } | { readonly kind: 'failed'; readonly error: PublishError } | null;

/** Puts messages on the topic. */
export interface EventPublisher {
  /** Answers when Pub/Sub has every message or has failed to take it. Expected failures are values, not exceptions. */
  publish(messages: Iterable<OutgoingMessage>): Promise<PublishOutcome>;
  readonly lastPublish: LastPublish;
}

/** Token of the {@link EventPublisher}. */
export const EVENT_PUBLISHER = Symbol('EVENT_PUBLISHER');
