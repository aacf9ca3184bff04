import type { StoredMessage } from '../backlog/message.js';
import type { TopicResource } from '../resources/resources.js';
import { durationMs } from '../wire/times.js';
import type { Snapshot } from './snapshot.js';
import type { Subscription } from './subscription.js';

/** A topic, who reads from it, and what it keeps itself (`message_retention_duration`). */
export class Topic {
  readonly subscriptions = new Set<Subscription>();
  readonly snapshots = new Set<Snapshot>();
  private kept: StoredMessage[] = [];

  constructor(public resource: TopicResource) {}

  /** Messages that any subscription may still seek to. */
  retained(nowMs: number): readonly StoredMessage[] {
    const { messageRetentionDuration } = this.resource;
    const sinceMs =
      messageRetentionDuration === undefined ? nowMs : nowMs - durationMs(messageRetentionDuration);
    this.kept = this.kept.filter(({ publishTimeMs }) => publishTimeMs > sinceMs);
    return this.kept;
  }

  retain(messages: readonly StoredMessage[]): void {
    if (this.resource.messageRetentionDuration !== undefined) this.kept.push(...messages);
  }

  accept(messages: readonly StoredMessage[]): void {
    this.retain(messages);
    for (const snapshot of this.snapshots) snapshot.add(messages);
    for (const subscription of this.subscriptions) subscription.add(messages);
  }
}
