import type { StoredMessage } from '../backlog/message.js';
import { checkSubscription, checkTopic } from '../resources/check-resources.js';
import { checkName, DELETED_TOPIC, idOf, projectOf } from '../resources/names.js';
import type { SubscriptionResource, TopicResource } from '../resources/resources.js';
import { PubsubError, unimplemented } from '../wire/status.js';
import { formatTimestampMs } from '../wire/times.js';
import { checkMessages, messageBytes, type NewMessage } from './check-messages.js';
import type { Clock } from './clock.js';
import { Subscription } from './subscription.js';

/** Ids per millisecond of uptime before ids of two runs could meet: about 4 million messages per second. */
const IDS_PER_MS = 4_096;

/** What happens to subscriptions, for those who deliver to destinations. */
export interface SubscriptionWatcher {
  /** Throws when a subscription like this cannot be served. */
  check(resource: SubscriptionResource): void;
  attached(subscription: Subscription): void;
  detached(subscription: Subscription): void;
}

interface Topic {
  resource: TopicResource;
  readonly subscriptions: Set<Subscription>;
}

/** Topics and subscriptions of all projects; the rules between them. */
export class Broker {
  private readonly topics = new Map<string, Topic>();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly watchers: SubscriptionWatcher[] = [];
  private lastMessageId: number;
  private lastSerial = 0;

  constructor(private readonly clock: Clock) {
    this.lastMessageId = clock.nowMs() * IDS_PER_MS;
  }

  watch(watcher: SubscriptionWatcher): void {
    this.watchers.push(watcher);
  }

  createTopic(given: TopicResource): TopicResource {
    const resource = checkTopic(given);
    if (this.topics.has(resource.name)) throw alreadyExists(resource.name);
    this.topics.set(resource.name, { resource, subscriptions: new Set() });
    return resource;
  }

  updateTopic(given: TopicResource): TopicResource {
    const topic = this.topic(given.name);
    topic.resource = checkTopic(given);
    return topic.resource;
  }

  getTopic(name: string): TopicResource {
    return this.topic(name).resource;
  }

  listTopics(project: string): TopicResource[] {
    const prefix = `${project}/topics/`;
    return [...this.topics.values()]
      .map(({ resource }) => resource)
      .filter(({ name }) => name.startsWith(prefix));
  }

  deleteTopic(name: string): void {
    const topic = this.topic(name);
    this.topics.delete(name);
    for (const subscription of topic.subscriptions) subscription.topicDeleted();
  }

  topicSubscriptions(name: string): string[] {
    return [...this.topic(name).subscriptions].map((subscription) => subscription.name);
  }

  createSubscription(given: SubscriptionResource): SubscriptionResource {
    const resource = this.checked(given);
    const topic = this.topic(checkName('topics', resource.topic));
    if (this.subscriptions.has(resource.name)) throw alreadyExists(resource.name);
    this.lastSerial += 1;
    const serial = `${this.clock.nowMs().toString(36)}${this.lastSerial.toString(36)}`;
    const subscription = new Subscription(resource, serial, this.clock, (from, message, attempt) =>
      this.forwardDeadLetter(from, message, attempt),
    );
    this.subscriptions.set(resource.name, subscription);
    topic.subscriptions.add(subscription);
    for (const watcher of this.watchers) watcher.attached(subscription);
    return subscription.resource;
  }

  updateSubscription(given: SubscriptionResource): SubscriptionResource {
    const subscription = this.subscription(given.name);
    const resource = this.checked(given);
    for (const watcher of this.watchers) watcher.detached(subscription);
    subscription.configure(resource);
    for (const watcher of this.watchers) watcher.attached(subscription);
    return subscription.resource;
  }

  subscription(name: string): Subscription {
    const subscription = this.subscriptions.get(checkName('subscriptions', name));
    if (subscription === undefined) throw notFound(name);
    return subscription;
  }

  listSubscriptions(project: string): SubscriptionResource[] {
    const prefix = `${project}/subscriptions/`;
    return [...this.subscriptions.values()]
      .map(({ resource }) => resource)
      .filter(({ name }) => name.startsWith(prefix));
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.subscriptions.delete(name);
    this.topics.get(subscription.resource.topic)?.subscriptions.delete(subscription);
    for (const watcher of this.watchers) watcher.detached(subscription);
    subscription.end(notFound(name));
  }

  /** @returns the message ids, in order. Errors: see `checkMessages`; NOT_FOUND without the topic. */
  publish(topicName: string, messages: readonly NewMessage[]): string[] {
    const topic = this.topic(topicName);
    checkMessages(messages);
    const publishTimeMs = this.clock.nowMs();
    const stored = messages.map((message): StoredMessage => {
      this.lastMessageId += 1;
      return {
        id: this.lastMessageId,
        publishTimeMs,
        data: message.data,
        attributes: message.attributes,
        orderingKey: message.orderingKey,
        bytes: messageBytes(message),
      };
    });
    for (const subscription of topic.subscriptions) subscription.add(stored);
    return stored.map(({ id }) => String(id));
  }

  stop(): void {
    for (const subscription of this.subscriptions.values()) {
      subscription.end(new PubsubError('UNAVAILABLE', 'The local Pub/Sub is stopping.'));
    }
  }

  private checked(given: SubscriptionResource): SubscriptionResource {
    const resource = checkSubscription(given);
    if ((resource.filter ?? '') !== '') throw unimplemented('Filters are not supported.');
    for (const watcher of this.watchers) watcher.check(resource);
    return resource;
  }

  private topic(name: string): Topic {
    const topic = this.topics.get(name === DELETED_TOPIC ? name : checkName('topics', name));
    if (topic === undefined) throw notFound(name);
    return topic;
  }

  /** Attributes as in https://cloud.google.com/pubsub/docs/dead-letter-topics, read 2026-11-22. */
  private forwardDeadLetter(from: Subscription, message: StoredMessage, attempt: number): boolean {
    const topic = this.topics.get(from.resource.deadLetterPolicy?.deadLetterTopic ?? '');
    if (topic === undefined) return false;
    const attributes = {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
      CloudPubSubDeadLetterSourceSubscription: idOf(from.name),
      CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(from.name),
      CloudPubSubDeadLetterSourceTopicPublishTime: formatTimestampMs(message.publishTimeMs),
    };
    this.lastMessageId += 1;
    const letter = { ...message, id: this.lastMessageId, publishTimeMs: this.clock.nowMs(), attributes };
    for (const subscription of topic.subscriptions) subscription.add([letter]);
    return true;
  }
}

function notFound(name: string): PubsubError {
  return new PubsubError('NOT_FOUND', `Resource not found (resource=${idOf(name)}).`);
}

function alreadyExists(name: string): PubsubError {
  return new PubsubError(
    'ALREADY_EXISTS',
    `Resource already exists in the project (resource=${idOf(name)}).`,
  );
}
