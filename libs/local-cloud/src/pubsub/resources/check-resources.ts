import { invalidArgument, unimplemented } from '../wire/status.js';
import { durationMs } from '../wire/times.js';
import { checkName } from './names.js';
import type { CloudStorageConfig, SubscriptionResource, TopicResource } from './resources.js';
import { parseTableName } from './table-name.js';

const DAY_S = 86_400;
const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{Nd}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{Nd}_-]{0,63}$/u;

/** Fields that the service has and this emulator refuses rather than ignores. */
const REFUSED_TOPIC_FIELDS = ['schemaSettings', 'ingestionDataSourceSettings', 'messageTransforms', 'tags'];
const REFUSED_SUBSCRIPTION_FIELDS = ['bigtableConfig', 'messageTransforms', 'tags'];

/** Check a topic that is to be created or changed; output-only fields are replaced. */
export function checkTopic(topic: TopicResource): TopicResource {
  checkName('topics', topic.name);
  refuseFields('Topic', topic, REFUSED_TOPIC_FIELDS);
  checkLabels(topic.labels);
  if (topic.messageRetentionDuration !== undefined) {
    checkRange('message_retention_duration', topic.messageRetentionDuration, 600, 31 * DAY_S);
  }
  return { ...topic, state: 'ACTIVE' };
}

/**
 * Check a subscription and fill in the documented defaults: 10 s ack deadline, 7 days retention, 31 days expiration.
 *
 * Source: https://cloud.google.com/pubsub/docs/subscription-properties, read 2026-11-22.
 */
export function checkSubscription(given: SubscriptionResource): SubscriptionResource {
  checkName('subscriptions', given.name);
  refuseFields('Subscription', given, REFUSED_SUBSCRIPTION_FIELDS);
  checkLabels(given.labels);
  const subscription: SubscriptionResource = {
    ...withoutOutputs(given),
    pushConfig: given.pushConfig ?? {},
    ackDeadlineSeconds: given.ackDeadlineSeconds === undefined ? 10 : given.ackDeadlineSeconds || 10,
    messageRetentionDuration: given.messageRetentionDuration ?? `${7 * DAY_S}s`,
    expirationPolicy: given.expirationPolicy ?? { ttl: `${31 * DAY_S}s` },
    state: 'ACTIVE',
  };
  checkNumbers(subscription);
  checkDestination(subscription);
  checkPolicies(subscription);
  return subscription;
}

/** Removes output-only fields, which are ignored in requests. */
function withoutOutputs(given: SubscriptionResource): SubscriptionResource {
  const inputs = Object.entries(given).filter(([field]) => field !== 'topicMessageRetentionDuration');
  return { ...Object.fromEntries(inputs), name: given.name, topic: given.topic };
}

function refuseFields(type: string, resource: object, refused: readonly string[]): void {
  const field = refused.find((name) => name in resource);
  if (field !== undefined) throw unimplemented(`${type}.${field} is not supported by the local Pub/Sub.`);
}

function checkLabels(labels: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(labels ?? {});
  if (entries.length > 64) throw invalidArgument('A resource may have at most 64 labels.');
  for (const [key, value] of entries) {
    if (!LABEL_KEY.test(key)) throw invalidArgument(`Invalid label key: "${key}".`);
    if (!LABEL_VALUE.test(value)) throw invalidArgument(`Invalid label value: "${value}".`);
  }
}

function checkRange(field: string, duration: string, minimumS: number, maximumS: number): void {
  const seconds = durationMs(duration) / 1_000;
  if (seconds < minimumS || seconds > maximumS) {
    throw invalidArgument(`Invalid ${field}: ${duration}; it must be between ${minimumS}s and ${maximumS}s.`);
  }
}

function checkNumbers(subscription: SubscriptionResource): void {
  const deadline = subscription.ackDeadlineSeconds ?? 0;
  if (deadline < 10 || deadline > 600) {
    throw invalidArgument(
      `Invalid ack deadline given: (seconds=${deadline}). It must be between 10 and 600.`,
    );
  }
  checkRange('message_retention_duration', subscription.messageRetentionDuration ?? '0s', 600, 31 * DAY_S);
  const ttl = subscription.expirationPolicy?.ttl;
  if (ttl !== undefined) checkRange('expiration_policy.ttl', ttl, DAY_S, 365 * 100 * DAY_S);
}

function checkDestination(subscription: SubscriptionResource): void {
  const { pushConfig, bigqueryConfig, cloudStorageConfig } = subscription;
  const endpoint = pushConfig?.pushEndpoint ?? '';
  const destinations = [endpoint !== '', bigqueryConfig !== undefined, cloudStorageConfig !== undefined];
  if (destinations.filter(Boolean).length > 1) {
    throw invalidArgument('Only one of push_config, bigquery_config and cloud_storage_config may be set.');
  }
  if (endpoint !== '') checkPushEndpoint(endpoint);
  const version = pushConfig?.attributes?.['x-goog-version'];
  if (version !== undefined && version !== 'v1' && version !== 'v1beta2') {
    throw unimplemented(`Push format x-goog-version=${version} is not supported by the local Pub/Sub.`);
  }
  if (bigqueryConfig !== undefined) {
    parseTableName(bigqueryConfig.table ?? '');
    if (bigqueryConfig.useTopicSchema === true || bigqueryConfig.useTableSchema === true) {
      throw unimplemented(
        'BigQuery subscriptions with a topic or table schema are not supported by the local Pub/Sub.',
      );
    }
  }
  if (cloudStorageConfig !== undefined) checkCloudStorage(cloudStorageConfig);
}

function checkPushEndpoint(endpoint: string): void {
  const url = URL.parse(endpoint);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw invalidArgument(`Invalid push endpoint given (endpoint=${endpoint}).`);
  }
}

function checkCloudStorage(config: CloudStorageConfig): void {
  if ((config.bucket ?? '') === '') throw invalidArgument('cloud_storage_config.bucket is required.');
  if (config.filenameSuffix?.endsWith('/') === true) {
    throw invalidArgument('cloud_storage_config.filename_suffix must not end in "/".');
  }
  if (config.avroConfig?.useTopicSchema === true) {
    throw unimplemented('Avro files with the topic schema are not supported by the local Pub/Sub.');
  }
  if (config.maxDuration !== undefined) checkRange('max_duration', config.maxDuration, 60, 600);
  const { maxBytes, maxMessages } = config;
  if (maxBytes !== undefined && (Number(maxBytes) < 1_000 || Number(maxBytes) > 10 * 1024 ** 3)) {
    throw invalidArgument('cloud_storage_config.max_bytes must be between 1 KB and 10 GiB.');
  }
  if (maxMessages !== undefined && Number(maxMessages) < 1_000) {
    throw invalidArgument('cloud_storage_config.max_messages must be at least 1000.');
  }
}

function checkPolicies(subscription: SubscriptionResource): void {
  const { deadLetterPolicy, retryPolicy } = subscription;
  if (deadLetterPolicy !== undefined) {
    checkName('topics', deadLetterPolicy.deadLetterTopic);
    const attempts = deadLetterPolicy.maxDeliveryAttempts ?? 0;
    if (attempts !== 0 && (attempts < 5 || attempts > 100)) {
      throw invalidArgument('dead_letter_policy.max_delivery_attempts must be between 5 and 100.');
    }
  }
  if (retryPolicy !== undefined) {
    checkRange('retry_policy.minimum_backoff', retryPolicy.minimumBackoff ?? '10s', 0, 600);
    checkRange('retry_policy.maximum_backoff', retryPolicy.maximumBackoff ?? '600s', 0, 600);
    if (durationMs(retryPolicy.minimumBackoff ?? '10s') > durationMs(retryPolicy.maximumBackoff ?? '600s')) {
      throw invalidArgument('retry_policy.minimum_backoff must not exceed maximum_backoff.');
    }
  }
}
