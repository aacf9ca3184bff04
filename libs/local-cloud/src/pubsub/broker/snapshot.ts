import type { StoredMessage } from '../backlog/message.js';
import type { SnapshotResource } from '../resources/resources.js';
import { parseTimestamp } from '../wire/times.js';

/** A snapshot keeps what was unacknowledged when it was made and everything published since. */
export class Snapshot {
  private readonly kept: StoredMessage[];

  constructor(
    public resource: SnapshotResource,
    unacked: readonly StoredMessage[],
  ) {
    this.kept = [...unacked];
  }

  get messages(): readonly StoredMessage[] {
    return this.kept;
  }

  add(messages: readonly StoredMessage[]): void {
    this.kept.push(...messages);
  }

  isExpired(nowMs: number): boolean {
    return parseTimestamp(this.resource.expireTime).seconds * 1_000 <= nowMs;
  }
}

const WEEK_MS = 7 * 86_400_000;

/** Seven days after the oldest unacknowledged message. Source: pubsub.proto `Snapshot.expire_time`. */
export function expiryMs(unacked: readonly StoredMessage[], nowMs: number): number {
  const oldestMs = unacked.reduce((oldest, { publishTimeMs }) => Math.min(oldest, publishTimeMs), nowMs);
  return oldestMs + WEEK_MS;
}
