import type { ParsedPush, PubsubMessage, PushRequest } from '@pipeline/cloudevents';

/** The attribute by which a replay names the message that it repeats. */
const REPLAY_OF = 'pipeline_replay_of';
/** As long as a message id may be. */
const MAX_MESSAGE_ID_CHARACTERS = 128;
/** Tells an unwrapped push, whose other headers are attributes that anybody may have published. */
const UNWRAPPED = 'x-goog-pubsub-message-id';

/**
 * The message under the id of the one that it repeats, where it came by the replay topic; else as it is.
 *
 * By the replay topic comes what Eventarc says is from it (`ce-source` ends in `/topics/TOPIC`), and what a subscription
 * delivers that is named `TOPIC` or `TOPIC-…`. On any other way the attribute means nothing: whoever may publish events
 * could take another event's place with it.
 */
export function toReplayed(
  { message, subscription }: ParsedPush,
  headers: PushRequest['headers'],
  replayTopic: string,
): PubsubMessage {
  const original = message.attributes[REPLAY_OF];
  if (original === undefined || original === '' || original.length > MAX_MESSAGE_ID_CHARACTERS) {
    return message;
  }
  return cameByTopic(subscription, headers, replayTopic) ? { ...message, messageId: original } : message;
}

function cameByTopic(subscription: string | null, headers: PushRequest['headers'], topic: string): boolean {
  const source = headers[UNWRAPPED] === undefined ? headers['ce-source'] : undefined;
  if (typeof source === 'string' && source.endsWith(`/topics/${topic}`)) {
    return true;
  }
  const name = subscription?.slice(subscription.lastIndexOf('/') + 1);
  return name === topic || name?.startsWith(`${topic}-`) === true;
}
