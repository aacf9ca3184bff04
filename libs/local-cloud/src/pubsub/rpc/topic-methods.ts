import { applyMask } from '../broker/field-mask.js';
import { pageOf } from '../broker/pages.js';
import type { TopicResource } from '../resources/resources.js';
import { protoType } from '../wire/protos.js';
import { invalidArgument } from '../wire/status.js';
import { EMPTY, method, namesOf, resourcesOf, type ListRequest, type Methods } from './method.js';

const CHANGEABLE = new Set(['labels', 'messageStoragePolicy', 'kmsKeyName', 'messageRetentionDuration']);
const TOPIC = protoType<TopicResource>('Topic');

export const TOPIC_METHODS: Methods = {
  CreateTopic: method('Topic', TOPIC, (broker, topic: TopicResource) => broker.createTopic(topic)),
  GetTopic: method(
    'GetTopicRequest',
    TOPIC,
    (broker, { topic = '' }: { topic?: string }) => broker.topics.get(topic).resource,
  ),
  UpdateTopic: method(
    'UpdateTopicRequest',
    TOPIC,
    (broker, { topic, updateMask }: { topic?: TopicResource; updateMask?: string }) => {
      if (topic === undefined) throw invalidArgument('The topic is missing.');
      return broker.updateTopic(
        applyMask(broker.topics.get(topic.name).resource, topic, updateMask, CHANGEABLE),
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
      const { items, ...next } = pageOf(resourcesOf(broker.topics, request), ({ name }) => name, request);
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
        namesOf(broker.topics.get(request.topic ?? '').subscriptions),
        (name) => name,
        request,
      );
      return { subscriptions: items, ...next };
    },
  ),
  ListTopicSnapshots: method(
    'ListTopicSnapshotsRequest',
    protoType<{ snapshots?: readonly string[]; nextPageToken?: string }>('ListTopicSnapshotsResponse'),
    (broker, request: ListRequest & { topic?: string }) => {
      const names = namesOf(broker.topics.get(request.topic ?? '').snapshots);
      const { items, ...next } = pageOf(names, (name) => name, request);
      return { snapshots: items, ...next };
    },
  ),
};
