import { isRfc3339, type ParsedPush, type PubsubMessage, type PushRequest } from '@pipeline/cloudevents';

/** The attributes in which a replay names the message that it repeats. */
const REPLAY_OF = 'pipeline_replay_of';
const REPLAY_PUBLISH_TIME = 'pipeline_replay_publish_time';
/** The longest message id that the parser accepts. */
const MAX_MESSAGE_ID_CHARACTERS = 128;
/** Marks an unwrapped push, in which every other header may be an attribute set by the publisher. */
const UNWRAPPED = 'x-goog-pubsub-message-id';

/** The topic that replays come through. */
export interface ReplayRule {
  readonly projectId: string;
  /** Name of the replay topic, without project. */
  readonly topic: string;
}

/**
 * Returns the message with the id and publish time of the one it repeats if it came through the replay topic, else
 * unchanged.
 *
 * A message came through the replay topic if Eventarc says so (`ce-source` is `//pubsub.googleapis.com/projects/PROJECT/topics/TOPIC`)
 * or if its subscription is `projects/PROJECT/subscriptions/TOPIC` or `…/TOPIC-…`. On any other topic the attributes are
 * ignored, because every publisher could take another event's place with them.
 */
export function toReplayed(
  { message, subscription }: ParsedPush,
  headers: PushRequest['headers'],
  rule: ReplayRule,
): PubsubMessage {
  const messageId = message.attributes[REPLAY_OF];
  if (messageId === undefined || messageId === '' || messageId.length > MAX_MESSAGE_ID_CHARACTERS) {
    return message;
  }
  if (!isReplay(subscription, headers, rule)) {
    return message;
  }
  const time = message.attributes[REPLAY_PUBLISH_TIME] ?? '';
  return { ...message, messageId, publishTime: isRfc3339(time) ? time : message.publishTime };
}

function isReplay(
  subscription: string | null,
  headers: PushRequest['headers'],
  { projectId, topic }: ReplayRule,
): boolean {
  const source = headers[UNWRAPPED] === undefined ? headers['ce-source'] : undefined;
  if (source === `//pubsub.googleapis.com/projects/${projectId}/topics/${topic}`) {
    return true;
  }
  const name = `projects/${projectId}/subscriptions/${topic}`;
  return subscription === name || subscription?.startsWith(`${name}-`) === true;
}
