import type { StoredMessage } from '../backlog/message.js';
import type { Journal } from '../journal/records.js';
import { checkSubscription, checkTopic } from '../resources/check-resources.js';
import { checkName } from '../resources/names.js';
import type { SubscriptionResource, TopicResource } from '../resources/resources.js';
import { PubsubError } from '../wire/status.js';
import { checkMessages, messageBytes, type NewMessage } from './check-messages.js';
import type { Clock } from './clock.js';
import { deadLetterAttributes } from './dead-letter.js';
import { notFound, Registry } from './registry.js';
import type { Snapshot } from './snapshot.js';
import { Subscription } from './subscription.js';
import { Topic } from './topic.js';

/** Ids per millisecond of uptime before ids of two runs could meet: about 4 million messages per second. */
const IDS_PER_MS = 4_096;

/** Observer of subscriptions, for dispatchers that deliver to destinations. */
export interface SubscriptionWatcher {
  /** Throws when a subscription like this cannot be served. */
  check(resource: SubscriptionResource): void;
  attached(subscription: Subscription): void;
  detached(subscription: Subscription): void;
}

/** Topics, subscriptions and messages of all projects; the rules between them. */
export class Broker {
  readonly topics = new Registry<Topic>('topics');
  readonly subscriptions = new Registry<Subscription>('subscriptions');
  readonly snapshots = new Registry<Snapshot>('snapshots');
  private readonly watchers: SubscriptionWatcher[] = [];
  private lastMessageId: number;
  private lastSerial = 0;

  constructor(
    readonly clock: Clock,
    readonly journal: Journal,
  ) {
    this.lastMessageId = clock.nowMs() * IDS_PER_MS;
  }

  /** The watcher hears of the subscriptions that are there and of all later ones. */
  watch(watcher: SubscriptionWatcher): void {
    this.watchers.push(watcher);
    for (const subscription of this.subscriptions.all()) watcher.attached(subscription);
  }

  createTopic(given: TopicResource): TopicResource {
    const resource = checkTopic(given);
    this.topics.checkFree(resource.name);
    this.journal.append({ kind: 'topic', resource });
    this.topics.add(new Topic(resource));
    return resource;
  }

  updateTopic(given: TopicResource): TopicResource {
    const topic = this.topics.get(given.name);
    const resource = checkTopic(given);
    this.journal.append({ kind: 'topic', resource });
    topic.resource = resource;
    return resource;
  }

  /** Its subscriptions stay, with what they have. */
  deleteTopic(name: string): void {
    const topic = this.topics.get(name);
    this.journal.append({ kind: 'topic-deleted', name });
    this.topics.remove(name);
    for (const subscription of topic.subscriptions) subscription.topicDeleted();
  }

  createSubscription(given: SubscriptionResource): SubscriptionResource {
    const resource = this.checked(given);
    const topic = this.topics.get(checkName('topics', resource.topic));
    this.checkDeadLetterTopic(resource);
    this.subscriptions.checkFree(resource.name);
    const subscription = this.newSubscription(resource);
    this.journal.append({ kind: 'subscription', resource });
    this.subscriptions.add(subscription);
    topic.subscriptions.add(subscription);
    for (const watcher of this.watchers) watcher.attached(subscription);
    return resource;
  }

  updateSubscription(given: SubscriptionResource): SubscriptionResource {
    const subscription = this.subscriptions.get(given.name);
    const resource = this.checked(given);
    const present = subscription.resource.deadLetterPolicy?.deadLetterTopic;
    if (resource.deadLetterPolicy?.deadLetterTopic !== present) this.checkDeadLetterTopic(resource);
    this.journal.append({ kind: 'subscription', resource });
    for (const watcher of this.watchers) watcher.detached(subscription);
    subscription.configure(resource);
    for (const watcher of this.watchers) watcher.attached(subscription);
    return resource;
  }

  subscription(name: string): Subscription {
    return this.subscriptions.get(name);
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscriptions.get(name);
    this.journal.append({ kind: 'subscription-deleted', name });
    this.subscriptions.remove(name);
    this.topics.find(subscription.resource.topic)?.subscriptions.delete(subscription);
    for (const watcher of this.watchers) watcher.detached(subscription);
    subscription.end(notFound(name));
  }

  /** The subscription keeps its name, loses its backlog and gets nothing any more. */
  detachSubscription(name: string): void {
    const subscription = this.subscriptions.get(name);
    const resource = { ...subscription.resource, detached: true };
    this.journal.append({ kind: 'subscription', resource });
    this.journal.append({ kind: 'backlog', subscription: name, pending: [], acked: [] });
    for (const watcher of this.watchers) watcher.detached(subscription);
    this.topics.find(resource.topic)?.subscriptions.delete(subscription);
    subscription.reset({ pending: [], acked: [] });
    subscription.configure(resource);
    subscription.end(new PubsubError('FAILED_PRECONDITION', `Subscription is detached (resource=${name}).`));
  }

  /** @returns the message ids, in order. Errors: see `checkMessages`; NOT_FOUND without the topic. */
  publish(topicName: string, messages: readonly NewMessage[]): string[] {
    const topic = this.topics.get(topicName);
    checkMessages(messages);
    return this.deliver(topic, messages).map(({ id }) => String(id));
  }

  /** A subscription at work, not yet registered. */
  newSubscription(resource: SubscriptionResource): Subscription {
    this.lastSerial += 1;
    const serial = `${this.clock.nowMs().toString(36)}${this.lastSerial.toString(36)}`;
    return new Subscription(
      resource,
      serial,
      this.clock,
      (from, message, attempt) => this.forwardDeadLetter(from, message, attempt),
      (from, messageId) => {
        this.journal.settled(from.name, messageId);
      },
    );
  }

  /** Message ids begin after this one. */
  skipIds(messageId: number): void {
    this.lastMessageId = Math.max(this.lastMessageId, messageId);
  }

  stop(): void {
    for (const subscription of this.subscriptions.all()) {
      subscription.end(new PubsubError('UNAVAILABLE', 'The local Pub/Sub is stopping.'));
    }
  }

  /** NOT_FOUND if it does not exist. Source: cloud.google.com/pubsub/docs/handling-failures, read 2026-11-29. */
  private checkDeadLetterTopic({ deadLetterPolicy }: SubscriptionResource): void {
    if (deadLetterPolicy !== undefined) this.topics.get(deadLetterPolicy.deadLetterTopic ?? '');
  }

  private checked(given: SubscriptionResource): SubscriptionResource {
    const resource = checkSubscription(given);
    for (const watcher of this.watchers) watcher.check(resource);
    return resource;
  }

  /** In the journal first: what is answered for is there after a restart. */
  private deliver(topic: Topic, messages: readonly NewMessage[]): StoredMessage[] {
    const publishTimeMs = this.clock.nowMs();
    const stored = messages.map((message): StoredMessage => {
      this.lastMessageId += 1;
      const { data, attributes, orderingKey } = message;
      return {
        id: this.lastMessageId,
        publishTimeMs,
        data,
        attributes,
        orderingKey,
        bytes: messageBytes(message),
      };
    });
    this.journal.published(topic.resource.name, stored);
    topic.accept(stored);
    return stored;
  }

  private forwardDeadLetter(from: Subscription, message: StoredMessage, attempt: number): boolean {
    const topic = this.topics.find(from.resource.deadLetterPolicy?.deadLetterTopic ?? '');
    if (topic === undefined) return false;
    try {
      this.deliver(topic, [{ ...message, attributes: deadLetterAttributes(from.name, message, attempt) }]);
      return true;
    } catch {
      // The journal cannot be written: the message stays where it is and is delivered again.
      return false;
    }
  }
}
