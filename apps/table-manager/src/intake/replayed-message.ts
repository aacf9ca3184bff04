import type { ParsedPush, PubsubMessage, PushRequest } from '@pipeline/cloudevents';

/** The attribute in which a replay names the message that it repeats. */
const REPLAY_OF = 'pipeline_replay_of';
/** The longest message id that the parser accepts. */
const MAX_MESSAGE_ID_CHARACTERS = 128;
/** Marks an unwrapped push, in which every other header may be an attribute set by the publisher. */
const UNWRAPPED = 'x-goog-pubsub-message-id';

/** How replays are recognized. */
export interface ReplayRule {
  /** Name of the replay topic, without project. */
  readonly topic: string;
}

export const REPLAY_RULE = Symbol('REPLAY_RULE');

/**
 * Returns the message under the id of the one it repeats if it came through the replay topic, else unchanged.
 *
 * A message came through the replay topic if Eventarc says so (`ce-source` ends in `/topics/TOPIC`) or if its
 * subscription is named `TOPIC` or `TOPIC-…`. On any other topic the attribute is ignored, because every publisher could
 * take another event's place with it.
 */
export function toReplayed(
  { message, subscription }: ParsedPush,
  headers: PushRequest['headers'],
  rule: ReplayRule,
): PubsubMessage {
  const original = message.attributes[REPLAY_OF];
  if (original === undefined || original === '' || original.length > MAX_MESSAGE_ID_CHARACTERS) {
    return message;
  }
  return isReplay(subscription, headers, rule.topic) ? { ...message, messageId: original } : message;
}

function isReplay(subscription: string | null, headers: PushRequest['headers'], topic: string): boolean {
  const source = headers[UNWRAPPED] === undefined ? headers['ce-source'] : undefined;
  if (typeof source === 'string' && source.endsWith(`/topics/${topic}`)) {
    return true;
  }
  const name = subscription?.slice(subscription.lastIndexOf('/') + 1);
  return name === topic || name?.startsWith(`${topic}-`) === true;
}
