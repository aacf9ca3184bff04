import type { Broker } from '../broker/broker.js';
import { applyMask } from '../broker/field-mask.js';
import { pageOf } from '../broker/pages.js';
import { checkName, checkProject } from '../resources/names.js';
import type { PushConfig, SubscriptionResource, TopicResource } from '../resources/resources.js';
import { protoType, type ProtoType } from '../wire/protos.js';
import { invalidArgument } from '../wire/status.js';

/** An RPC of the control plane in JSON form: the same behind gRPC and REST. */
export interface Method {
  readonly request: ProtoType<unknown>;
  readonly response: ProtoType<unknown>;
  readonly handle: (broker: Broker, request: unknown) => unknown;
}

interface Empty {
  readonly [key: string]: never;
}

interface ListRequest {
  readonly project?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

const CHANGEABLE_TOPIC_FIELDS = new Set([
  'labels',
  'messageStoragePolicy',
  'kmsKeyName',
  'messageRetentionDuration',
]);
const CHANGEABLE_SUBSCRIPTION_FIELDS = new Set([
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

function method<Request, Response>(
  request: string,
  response: ProtoType<Response>,
  handle: (broker: Broker, request: Request) => Response,
): Method {
  return { request: protoType<Request>(request), response, handle: handle as Method['handle'] };
}

const TOPIC = protoType<TopicResource>('Topic');
const SUBSCRIPTION = protoType<SubscriptionResource>('Subscription');
const EMPTY = protoType<Empty>('SeekResponse');

/** By RPC name; what is not here answers UNIMPLEMENTED. */
export const METHODS: Readonly<Record<string, Method>> = {
  CreateTopic: method('Topic', TOPIC, (broker, topic: TopicResource) => broker.createTopic(topic)),
  GetTopic: method('GetTopicRequest', TOPIC, (broker, { topic = '' }: { topic?: string }) =>
    broker.getTopic(topic),
  ),
  UpdateTopic: method(
    'UpdateTopicRequest',
    TOPIC,
    (broker, { topic, updateMask }: { topic?: TopicResource; updateMask?: string }) => {
      if (topic === undefined) throw invalidArgument('The topic is missing.');
      return broker.updateTopic(
        applyMask(broker.getTopic(topic.name), topic, updateMask, CHANGEABLE_TOPIC_FIELDS),
      );
    },
  ),
  DeleteTopic: method('DeleteTopicRequest', EMPTY, (broker, { topic = '' }: { topic?: string }) => {
    broker.deleteTopic(topic);
    return {};
  }),
  ListTopics: method(
    'ListTopicsRequest',
    protoType<{ topics?: readonly TopicResource[]; nextPageToken?: string }>('ListTopicsResponse'),
    (broker, request: ListRequest) => {
      const { items, ...next } = pageOf(
        broker.listTopics(checkProject(request.project)),
        ({ name }) => name,
        request,
      );
      return { topics: items, ...next };
    },
  ),
  ListTopicSubscriptions: method(
    'ListTopicSubscriptionsRequest',
    protoType<{ subscriptions?: readonly string[]; nextPageToken?: string }>(
      'ListTopicSubscriptionsResponse',
    ),
    (broker, request: ListRequest & { topic?: string }) => {
      const { items, ...next } = pageOf(
        broker.topicSubscriptions(request.topic ?? ''),
        (name) => name,
        request,
      );
      return { subscriptions: items, ...next };
    },
  ),
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
      return broker.updateSubscription(
        applyMask(current, subscription, updateMask, CHANGEABLE_SUBSCRIPTION_FIELDS),
      );
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
  ListSubscriptions: method(
    'ListSubscriptionsRequest',
    protoType<{ subscriptions?: readonly SubscriptionResource[]; nextPageToken?: string }>(
      'ListSubscriptionsResponse',
    ),
    (broker, request: ListRequest) => {
      const all = broker.listSubscriptions(checkProject(request.project));
      const { items, ...next } = pageOf(all, ({ name }) => name, request);
      return { subscriptions: items, ...next };
    },
  ),
};
