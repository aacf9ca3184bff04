import type { BacklogSettings } from '../backlog/settings.js';
import { durationMs } from '../wire/times.js';
import type { SubscriptionResource } from './resources.js';

/** Push and export subscriptions back off without a retry policy too: 100 ms to 60 s. */
const DESTINATION_BACKOFF = { minimumMs: 100, maximumMs: 60_000 };

/** Pub/Sub's default of `max_delivery_attempts`. */
const DEFAULT_DELIVERY_ATTEMPTS = 5;

/** Source: https://cloud.google.com/pubsub/docs/handling-failures and /docs/push, read 2026-11-22. */
export function toBacklogSettings(subscription: SubscriptionResource): BacklogSettings {
  const { deadLetterPolicy } = subscription;
  return {
    ackDeadlineMs: (subscription.ackDeadlineSeconds ?? 10) * 1_000,
    retentionMs: durationMs(subscription.messageRetentionDuration ?? '604800s'),
    retainAcked: subscription.retainAckedMessages ?? false,
    ordered: subscription.enableMessageOrdering ?? false,
    exactlyOnce: subscription.enableExactlyOnceDelivery ?? false,
    retry: toRetry(subscription),
    maxDeliveryAttempts:
      deadLetterPolicy === undefined
        ? null
        : deadLetterPolicy.maxDeliveryAttempts || DEFAULT_DELIVERY_ATTEMPTS,
  };
}

function toRetry(subscription: SubscriptionResource): BacklogSettings['retry'] {
  const { retryPolicy } = subscription;
  if (retryPolicy !== undefined) {
    return {
      minimumMs: durationMs(retryPolicy.minimumBackoff ?? '10s'),
      maximumMs: durationMs(retryPolicy.maximumBackoff ?? '600s'),
    };
  }
  return isPulled(subscription) ? null : DESTINATION_BACKOFF;
}

/** True if clients pull the messages. */
export function isPulled(subscription: SubscriptionResource): boolean {
  return (
    (subscription.pushConfig?.pushEndpoint ?? '') === '' &&
    subscription.bigqueryConfig === undefined &&
    subscription.cloudStorageConfig === undefined
  );
}
