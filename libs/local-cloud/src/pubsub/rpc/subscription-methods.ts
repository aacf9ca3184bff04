import { applyMask } from '../broker/field-mask.js';
import { pageOf } from '../broker/pages.js';
import { checkName } from '../resources/names.js';
import type { PushConfig, SubscriptionResource } from '../resources/resources.js';
import { protoType } from '../wire/protos.js';
import { invalidArgument } from '../wire/status.js';
import { EMPTY, method, resourcesOf, type ListRequest, type Methods } from './method.js';

const CHANGEABLE = new Set([
  'pushConfig',
  'bigqueryConfig',
  'cloudStorageConfig',
  'ackDeadlineSeconds',
  'retainAckedMessages',
  'messageRetentionDuration',
  'labels',
  'expirationPolicy',
  'deadLetterPolicy',
  'retryPolicy',
  'enableExactlyOnceDelivery',
]);
const SUBSCRIPTION = protoType<SubscriptionResource>('Subscription');

export const SUBSCRIPTION_METHODS: Methods = {
  CreateSubscription: method('Subscription', SUBSCRIPTION, (broker, subscription: SubscriptionResource) =>
    broker.createSubscription(subscription),
  ),
  GetSubscription: method(
    'GetSubscriptionRequest',
    SUBSCRIPTION,
    (broker, { subscription = '' }: { subscription?: string }) => broker.subscription(subscription).resource,
  ),
  UpdateSubscription: method(
    'UpdateSubscriptionRequest',
    SUBSCRIPTION,
    (broker, { subscription, updateMask }: { subscription?: SubscriptionResource; updateMask?: string }) => {
      if (subscription === undefined) throw invalidArgument('The subscription is missing.');
      const current = broker.subscription(checkName('subscriptions', subscription.name)).resource;
      return broker.updateSubscription(applyMask(current, subscription, updateMask, CHANGEABLE));
    },
  ),
  ModifyPushConfig: method(
    'ModifyPushConfigRequest',
    EMPTY,
    (broker, { subscription = '', pushConfig = {} }: { subscription?: string; pushConfig?: PushConfig }) => {
      broker.updateSubscription({ ...broker.subscription(subscription).resource, pushConfig });
      return {};
    },
  ),
  DeleteSubscription: method(
    'DeleteSubscriptionRequest',
    EMPTY,
    (broker, { subscription = '' }: { subscription?: string }) => {
      broker.deleteSubscription(subscription);
      return {};
    },
  ),
  DetachSubscription: method(
    'DetachSubscriptionRequest',
    EMPTY,
    (broker, { subscription = '' }: { subscription?: string }) => {
      broker.detachSubscription(subscription);
      return {};
    },
  ),
  ListSubscriptions: method(
    'ListSubscriptionsRequest',
    protoType<{ subscriptions?: readonly SubscriptionResource[]; nextPageToken?: string }>(
      'ListSubscriptionsResponse',
    ),
    (broker, request: ListRequest) => {
      const all = resourcesOf(broker.subscriptions, request);
      const { items, ...next } = pageOf(all, ({ name }) => name, request);
      return { subscriptions: items, ...next };
    },
  ),
};
