import type { StoredMessage } from '../backlog/message.js';
import type { Broker } from '../broker/broker.js';
import { Snapshot } from '../broker/snapshot.js';
import { Topic } from '../broker/topic.js';
import { packMessage, unpackMessage } from './pack.js';
import type { JournalRecord, PackedMessage } from './records.js';

/** Messages per record of a checkpoint. */
const MESSAGES_PER_RECORD = 200;

type RecordOf<Kind extends JournalRecord['kind']> = Extract<JournalRecord, { readonly kind: Kind }>;

/**
 * Brings a new broker to the state of the records.
 *
 * Backlogs are put together from ids first and given to the subscriptions at the end, so that loading takes one pass.
 */
export function restore(broker: Broker, records: Iterable<JournalRecord>): void {
  const loader = new Loader(broker);
  for (const record of records) loader.apply(record);
  loader.finish();
}

interface LoadedBacklog {
  readonly pending: Set<number>;
  readonly acked: Set<number>;
}

class Loader {
  private readonly messages = new Map<number, StoredMessage>();
  private readonly backlogs = new Map<string, LoadedBacklog>();

  constructor(private readonly broker: Broker) {}

  apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'topic':
        this.topic(record);
        break;
      case 'topic-deleted':
        this.topicDeleted(record.name);
        break;
      case 'subscription':
        this.subscription(record);
        break;
      case 'subscription-deleted':
        this.subscriptionDeleted(record.name);
        break;
      case 'snapshot':
        this.snapshot(record);
        break;
      case 'snapshot-deleted':
        this.snapshotDeleted(record.name);
        break;
      case 'publish':
        this.publish(record);
        break;
      case 'settled':
        this.settled(record);
        break;
      case 'messages':
        this.know(record.messages);
        break;
      case 'backlog':
        this.backlogs.set(record.subscription, {
          pending: new Set(record.pending),
          acked: new Set(record.acked),
        });
        break;
      case 'retained':
        this.broker.topics.find(record.topic)?.retain(this.find(record.ids));
        break;
    }
  }

  finish(): void {
    for (const [name, { pending, acked }] of this.backlogs) {
      this.broker.subscriptions.find(name)?.reset({ pending: this.find(pending), acked: this.find(acked) });
    }
  }

  private topic({ resource }: RecordOf<'topic'>): void {
    const topic = this.broker.topics.find(resource.name);
    if (topic === undefined) this.broker.topics.add(new Topic(resource));
    else topic.resource = resource;
  }

  private topicDeleted(name: string): void {
    for (const subscription of this.broker.topics.find(name)?.subscriptions ?? [])
      subscription.topicDeleted();
    this.broker.topics.remove(name);
  }

  private subscription({ resource }: RecordOf<'subscription'>): void {
    const known = this.broker.subscriptions.find(resource.name);
    const subscription = known ?? this.broker.newSubscription(resource);
    const topic = this.broker.topics.find(resource.topic);
    if (known === undefined) {
      this.broker.subscriptions.add(subscription);
      this.backlogs.set(resource.name, { pending: new Set(), acked: new Set() });
    } else {
      subscription.configure(resource);
    }
    if (resource.detached === true) topic?.subscriptions.delete(subscription);
    else topic?.subscriptions.add(subscription);
  }

  private subscriptionDeleted(name: string): void {
    const subscription = this.broker.subscriptions.find(name);
    if (subscription === undefined) return;
    this.broker.topics.find(subscription.resource.topic)?.subscriptions.delete(subscription);
    this.broker.subscriptions.remove(name);
    this.backlogs.delete(name);
  }

  private snapshot({ resource, ids }: RecordOf<'snapshot'>): void {
    this.snapshotDeleted(resource.name);
    const snapshot = new Snapshot(resource, this.find(ids));
    this.broker.snapshots.add(snapshot);
    this.broker.topics.find(resource.topic)?.snapshots.add(snapshot);
  }

  private snapshotDeleted(name: string): void {
    const snapshot = this.broker.snapshots.find(name);
    if (snapshot === undefined) return;
    this.broker.topics.find(snapshot.resource.topic)?.snapshots.delete(snapshot);
    this.broker.snapshots.remove(name);
  }

  private publish({ topic: name, messages }: RecordOf<'publish'>): void {
    const stored = this.know(messages);
    const topic = this.broker.topics.find(name);
    topic?.retain(stored);
    for (const snapshot of topic?.snapshots ?? []) snapshot.add(stored);
    for (const subscription of topic?.subscriptions ?? []) {
      const backlog = this.backlogs.get(subscription.name);
      for (const { id } of stored) backlog?.pending.add(id);
    }
  }

  private settled({ subscription: name, ids }: RecordOf<'settled'>): void {
    const backlog = this.backlogs.get(name);
    const isRetaining = this.broker.subscriptions.find(name)?.resource.retainAckedMessages ?? false;
    for (const id of ids) {
      if (backlog?.pending.delete(id) === true && isRetaining) backlog.acked.add(id);
    }
  }

  private know(packed: readonly PackedMessage[]): StoredMessage[] {
    const messages = packed.map(unpackMessage);
    for (const message of messages) {
      this.messages.set(message.id, message);
      this.broker.skipIds(message.id);
    }
    return messages;
  }

  private find(ids: Iterable<number>): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const id of ids) {
      const message = this.messages.get(id);
      if (message !== undefined) found.push(message);
    }
    return found;
  }
}

/** The state of a broker as records: `restore` of them makes the same state. */
export function* checkpoint(broker: Broker): Generator<JournalRecord> {
  const nowMs = broker.clock.nowMs();
  const written = new Set<number>();
  function* newMessages(messages: readonly StoredMessage[]): Generator<JournalRecord> {
    const unwritten = messages.filter(({ id }) => !written.has(id));
    for (const { id } of unwritten) written.add(id);
    for (let start = 0; start < unwritten.length; start += MESSAGES_PER_RECORD) {
      yield {
        kind: 'messages',
        messages: unwritten.slice(start, start + MESSAGES_PER_RECORD).map(packMessage),
      };
    }
  }
  const idsOf = (messages: readonly StoredMessage[]): number[] => messages.map(({ id }) => id);
  for (const topic of broker.topics.all()) {
    const retained = topic.retained(nowMs);
    yield { kind: 'topic', resource: topic.resource };
    yield* newMessages(retained);
    if (retained.length > 0) yield { kind: 'retained', topic: topic.resource.name, ids: idsOf(retained) };
  }
  for (const subscription of broker.subscriptions.all()) {
    const { pending, acked } = subscription.contents();
    yield { kind: 'subscription', resource: subscription.resource };
    yield* newMessages([...pending, ...acked]);
    yield { kind: 'backlog', subscription: subscription.name, pending: idsOf(pending), acked: idsOf(acked) };
  }
  for (const snapshot of broker.snapshots.all()) {
    yield* newMessages(snapshot.messages);
    yield { kind: 'snapshot', resource: snapshot.resource, ids: idsOf(snapshot.messages) };
  }
}
