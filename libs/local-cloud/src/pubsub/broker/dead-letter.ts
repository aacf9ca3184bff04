import type { StoredMessage } from '../backlog/message.js';
import { idOf, projectOf } from '../resources/names.js';
import { formatTimestampMs } from '../wire/times.js';

/**
 * The attributes of a dead letter: the message's own and where it comes from.
 *
 * Source: https://cloud.google.com/pubsub/docs/dead-letter-topics#how_dead_letter_topics_work, read 2026-11-22.
 */
export function deadLetterAttributes(
  subscriptionName: string,
  message: StoredMessage,
  attempt: number,
): Readonly<Record<string, string>> {
  return {
    ...message.attributes,
    CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
    CloudPubSubDeadLetterSourceSubscription: idOf(subscriptionName),
    CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(subscriptionName),
    CloudPubSubDeadLetterSourceTopicPublishTime: formatTimestampMs(message.publishTimeMs),
  };
}
