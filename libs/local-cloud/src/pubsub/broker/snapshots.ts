import { checkName } from '../resources/names.js';
import type { SnapshotResource } from '../resources/resources.js';
import { invalidArgument, PubsubError } from '../wire/status.js';
import { formatTimestampMs, parseTimestamp } from '../wire/times.js';
import type { Broker } from './broker.js';
import { notFound } from './registry.js';
import { seekToSnapshot, seekToTime } from './seek.js';
import { expiryMs, Snapshot } from './snapshot.js';
import type { Subscription } from './subscription.js';

/** The least that a snapshot must have left to live when it is made, in milliseconds. */
const MIN_LIFE_MS = 3_600_000;

/** Source for this file: https://cloud.google.com/pubsub/docs/replay-overview, read 2026-11-22. */
export function createSnapshot(
  broker: Broker,
  request: {
    readonly name: string;
    readonly subscription: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
): SnapshotResource {
  broker.snapshots.checkFree(checkName('snapshots', request.name));
  const subscription = broker.subscription(request.subscription);
  subscription.checkAttached();
  const { topic } = subscription.resource;
  const { pending } = subscription.contents();
  const nowMs = broker.clock.nowMs();
  const expireMs = expiryMs(pending, nowMs);
  if (expireMs < nowMs + MIN_LIFE_MS) {
    throw new PubsubError(
      'FAILED_PRECONDITION',
      'The backlog is too old: the snapshot would expire within an hour.',
    );
  }
  const resource = {
    name: request.name,
    topic,
    expireTime: formatTimestampMs(expireMs),
    ...(request.labels === undefined ? {} : { labels: request.labels }),
  };
  const snapshot = new Snapshot(resource, pending);
  broker.journal.append({ kind: 'snapshot', resource, ids: pending.map(({ id }) => id) });
  broker.snapshots.add(snapshot);
  broker.topics.find(topic)?.snapshots.add(snapshot);
  return resource;
}

/** Expired ones are gone. Errors: NOT_FOUND. */
export function getSnapshot(broker: Broker, name: string): Snapshot {
  dropExpired(broker);
  return broker.snapshots.get(name);
}

export function listSnapshots(broker: Broker, project: string): SnapshotResource[] {
  dropExpired(broker);
  return broker.snapshots.ofProject(project).map(({ resource }) => resource);
}

export function updateSnapshot(broker: Broker, resource: SnapshotResource): SnapshotResource {
  const snapshot = getSnapshot(broker, resource.name);
  broker.journal.append({ kind: 'snapshot', resource, ids: snapshot.messages.map(({ id }) => id) });
  snapshot.resource = resource;
  return resource;
}

export function deleteSnapshot(broker: Broker, name: string): void {
  const snapshot = broker.snapshots.get(name);
  broker.journal.append({ kind: 'snapshot-deleted', name });
  broker.snapshots.remove(name);
  broker.topics.find(snapshot.resource.topic)?.snapshots.delete(snapshot);
}

/** Errors: NOT_FOUND without the snapshot, INVALID_ARGUMENT without a target or for another topic's snapshot. */
export function seek(
  broker: Broker,
  request: { readonly subscription: string; readonly time?: string; readonly snapshot?: string },
): void {
  const subscription = broker.subscription(request.subscription);
  subscription.checkAttached();
  subscription.reset(seekTarget(broker, subscription, request));
  const { pending, acked } = subscription.contents();
  broker.journal.append({
    kind: 'backlog',
    subscription: subscription.name,
    pending: pending.map(({ id }) => id),
    acked: acked.map(({ id }) => id),
  });
}

function seekTarget(
  broker: Broker,
  subscription: Subscription,
  request: { readonly time?: string; readonly snapshot?: string },
): Parameters<Subscription['reset']>[0] {
  const { topic } = subscription.resource;
  const current = subscription.contents();
  if (request.time !== undefined) {
    const { seconds, nanos } = parseTimestamp(request.time);
    const retained = broker.topics.find(topic)?.retained(broker.clock.nowMs()) ?? [];
    return seekToTime(current, retained, seconds * 1_000 + nanos / 1e6);
  }
  if (request.snapshot === undefined) throw invalidArgument('A seek needs a time or a snapshot.');
  const snapshot = getSnapshot(broker, request.snapshot);
  if (snapshot.resource.topic !== topic) throw notFound(request.snapshot);
  return seekToSnapshot(current, snapshot.messages);
}

function dropExpired(broker: Broker): void {
  const nowMs = broker.clock.nowMs();
  for (const snapshot of broker.snapshots.all()) {
    if (snapshot.isExpired(nowMs)) deleteSnapshot(broker, snapshot.resource.name);
  }
}
