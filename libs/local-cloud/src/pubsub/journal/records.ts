import type { StoredMessage } from '../backlog/message.js';
import type { SnapshotResource, SubscriptionResource, TopicResource } from '../resources/resources.js';

/** A message as the journal keeps it; `data` in base64, `at` in milliseconds since the epoch. */
export interface PackedMessage {
  readonly id: number;
  readonly at: number;
  readonly data: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly key?: string;
}

/**
 * Changes of the state, in order; replayed from the first they give the state.
 *
 * `messages`, `backlog` and `retained` are what a checkpoint and a seek consist of: ids refer to messages before them.
 */
export type JournalRecord =
  | { readonly kind: 'topic'; readonly resource: TopicResource }
  | { readonly kind: 'topic-deleted'; readonly name: string }
  | { readonly kind: 'subscription'; readonly resource: SubscriptionResource }
  | { readonly kind: 'subscription-deleted'; readonly name: string }
  | { readonly kind: 'snapshot'; readonly resource: SnapshotResource; readonly ids: readonly number[] }
  | { readonly kind: 'snapshot-deleted'; readonly name: string }
  | { readonly kind: 'publish'; readonly topic: string; readonly messages: readonly PackedMessage[] }
  | { readonly kind: 'settled'; readonly subscription: string; readonly ids: readonly number[] }
  | { readonly kind: 'messages'; readonly messages: readonly PackedMessage[] }
  | {
      readonly kind: 'backlog';
      readonly subscription: string;
      readonly pending: readonly number[];
      readonly acked: readonly number[];
    }
  | { readonly kind: 'retained'; readonly topic: string; readonly ids: readonly number[] };

/** Store for everything that must survive the process. */
export interface Journal {
  /** Returns when the operating system has the record; throws when it cannot take it. */
  append(record: JournalRecord): void;
  /** As `append`, for the record that there are most of; packed only where it is written. */
  published(topic: string, messages: readonly StoredMessage[]): void;
  /** May be written a little later: a lost one only means that the message is delivered again. */
  settled(subscription: string, messageId: number): void;
}

/** Keeps nothing. */
export const noJournal: Journal = {
  append: () => undefined,
  published: () => undefined,
  settled: () => undefined,
};
