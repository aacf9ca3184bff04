import { Backlog, type AckOutcome, type BacklogContents, type Delivery } from '../backlog/backlog.js';
import type { Consumer } from '../backlog/consumer.js';
import type { StoredMessage } from '../backlog/message.js';
import { compileFilter, type MessageFilter } from '../filter/filter.js';
import { toBacklogSettings } from '../resources/backlog-settings.js';
import { DELETED_TOPIC } from '../resources/names.js';
import type { SubscriptionResource } from '../resources/resources.js';
import { failedPrecondition } from '../wire/status.js';
import type { Clock } from './clock.js';

/** A receiver that is called when there are messages: a waiting pull, a stream, a dispatcher. */
export interface Taker {
  /** There may be messages: take what there is room for. Called again whenever that may have changed. */
  offer(): void;
  /** The subscription is gone or changed its kind of delivery. */
  end(reason: Error): void;
}

/** Publish a message as a dead letter; false when that is not possible now. */
export type ForwardDeadLetter = (from: Subscription, message: StoredMessage, attempt: number) => boolean;

/** A subscription at work: its backlog, the clock that moves it and those who take from it. */
export class Subscription {
  private readonly backlog: Backlog;
  private readonly takers = new Set<Taker>();
  private cancelTimer: (() => void) | undefined;
  private timerAtMs = Number.POSITIVE_INFINITY;
  private isOfferPlanned = false;
  private isEnded = false;
  private readonly matches: MessageFilter;

  /** Errors: INVALID_ARGUMENT for a filter that cannot be read. */
  constructor(
    private current: SubscriptionResource,
    serial: string,
    private readonly clock: Clock,
    private readonly forwardDeadLetter: ForwardDeadLetter,
    onSettled: (subscription: Subscription, messageId: number) => void,
  ) {
    this.matches = compileFilter(current.filter ?? '');
    this.backlog = new Backlog(serial, toBacklogSettings(current), (messageId) => {
      onSettled(this, messageId);
    });
  }

  get resource(): SubscriptionResource {
    return this.current;
  }

  get name(): string {
    return this.current.name;
  }

  get ackDeadlineMs(): number {
    return (this.current.ackDeadlineSeconds ?? 10) * 1_000;
  }

  get hasReady(): boolean {
    return this.backlog.hasReady;
  }

  configure(resource: SubscriptionResource): void {
    this.current = resource;
    this.backlog.configure(toBacklogSettings(resource));
    this.changed();
  }

  topicDeleted(): void {
    this.current = { ...this.current, topic: DELETED_TOPIC };
  }

  /** Messages that the filter does not let through count as acknowledged. */
  add(messages: readonly StoredMessage[]): void {
    if (this.current.detached === true) return;
    for (const message of messages) if (this.matches(message.attributes)) this.backlog.add(message);
    this.changed();
  }

  contents(): BacklogContents {
    return this.backlog.contents();
  }

  /** Replace the backlog, as a seek does. */
  reset(contents: BacklogContents): void {
    const passes = ({ attributes }: StoredMessage): boolean => this.matches(attributes);
    this.backlog.reset({ pending: contents.pending.filter(passes), acked: contents.acked.filter(passes) });
    this.changed();
  }

  take(
    consumer: Consumer,
    limits: { readonly maxMessages: number; readonly maxBytes: number; readonly leaseMs?: number },
  ): Delivery[] {
    const nowMs = this.clock.nowMs();
    this.backlog.advance(nowMs);
    const deliveries = this.backlog.take(consumer, limits, nowMs);
    this.planTimer();
    return deliveries;
  }

  acknowledge(ackIds: readonly string[]): AckOutcome[] {
    const outcomes = this.backlog.acknowledge(ackIds);
    this.changed();
    return outcomes;
  }

  /** `leaseMs` 0 gives the messages back. */
  modifyDeadline(ackIds: readonly string[], leaseMs: number): AckOutcome[] {
    const outcomes = this.backlog.modifyDeadline(ackIds, leaseMs, this.clock.nowMs());
    this.changed();
    return outcomes;
  }

  /** The attempt to show, 0 without a dead-letter policy, as the service has it. */
  shownAttempt(delivery: Delivery): number {
    return this.current.deadLetterPolicy === undefined ? 0 : delivery.attempt;
  }

  addTaker(taker: Taker): void {
    this.takers.add(taker);
    this.changed();
  }

  removeTaker(taker: Taker): void {
    this.takers.delete(taker);
  }

  /** Clients may pull unless the messages go to a destination or the subscription is detached. */
  checkAttached(): void {
    if (this.current.detached === true) {
      throw failedPrecondition(`Subscription is detached (resource=${this.name}).`);
    }
  }

  /** Those who take hear why; what they still hold has no effect any more. */
  end(reason: Error): void {
    this.isEnded = true;
    this.cancelTimer?.();
    for (const taker of [...this.takers]) taker.end(reason);
    this.takers.clear();
  }

  private changed(): void {
    if (this.isEnded) return;
    this.forwardDeadLetters();
    this.planTimer();
    if (this.isOfferPlanned || this.takers.size === 0 || !this.backlog.hasReady) return;
    this.isOfferPlanned = true;
    setImmediate(() => {
      this.isOfferPlanned = false;
      this.offer();
    });
  }

  private offer(): void {
    for (const taker of [...this.takers]) {
      if (!this.backlog.hasReady) return;
      if (!this.takers.delete(taker)) continue;
      this.takers.add(taker);
      taker.offer();
    }
  }

  private forwardDeadLetters(): void {
    for (const { message, attempt } of this.backlog.takeDeadLetters()) {
      const isForwarded = this.forwardDeadLetter(this, message, attempt);
      this.backlog.settleForwarded(message.id, isForwarded, this.clock.nowMs());
    }
  }

  private planTimer(): void {
    const atMs = this.backlog.nextAtMs ?? Number.POSITIVE_INFINITY;
    if (this.isEnded || atMs >= this.timerAtMs) return;
    this.cancelTimer?.();
    this.timerAtMs = atMs;
    this.cancelTimer = this.clock.at(atMs, () => {
      this.timerAtMs = Number.POSITIVE_INFINITY;
      this.backlog.advance(this.clock.nowMs());
      this.changed();
    });
  }
}
