import { formatAckId, parseAckId } from './ack-id.js';
import type { Consumer } from './consumer.js';
import type { Entry } from './entry.js';
import type { OrderingKeyQueue } from './ordering-key-queue.js';
import type { StoredMessage } from './message.js';
import { ReadyQueue } from './ready-queue.js';
import { retryDelayMs, type BacklogSettings } from './settings.js';
import { TimeHeap } from './time-heap.js';

/** One delivery of a message; `attempt` counts from 1. */
export interface Delivery {
  readonly ackId: string;
  readonly message: StoredMessage;
  readonly attempt: number;
}

/** Messages to deliver, and acknowledged ones that are retained. */
export interface BacklogContents {
  readonly pending: readonly StoredMessage[];
  readonly acked: readonly StoredMessage[];
}

/** `stale`: the lease had ended before; `malformed`: no ack id of this subscription. */
export type AckOutcome = 'done' | 'stale' | 'malformed';

interface Alarm {
  readonly id: number;
  readonly generation: number;
}

/** More than one message can have between two resets. */
const GENERATIONS_PER_RESET = 1_000_000;

/** Milliseconds between searches for messages beyond their retention. */
const RETENTION_CHECK_MS = 1_000;

/**
 * The messages of one subscription and what becomes of them. Pure: time comes in with every call.
 *
 * Invariant: every added message is delivered again and again until it is acknowledged, forwarded as a dead
 * letter, or older than the retention. All operations cost O(1) or O(log n) per message.
 */
export class Backlog {
  private readonly entries = new Map<number, Entry>();
  private readonly ready = new ReadyQueue();
  private readonly alarms = new TimeHeap<Alarm>();
  private forwarding: Entry[] = [];
  private nextRetentionCheckMs = 0;
  /** First generation; grows with every reset, so that ack ids from before are stale after it. */
  private firstGeneration = 0;

  /** `onSettled` hears of every message that need not be delivered any more, once. */
  constructor(
    private readonly serial: string,
    private settings: BacklogSettings,
    private readonly onSettled: (messageId: number) => void = () => undefined,
  ) {}

  configure(settings: BacklogSettings): void {
    this.settings = settings;
  }

  /** True if a message may be deliverable now. May be a false positive, never a false negative. */
  get hasReady(): boolean {
    return this.ready.length > 0;
  }

  /** When `advance` has something to do next; undefined: never. */
  get nextAtMs(): number | undefined {
    return this.alarms.nextAtMs;
  }

  /** All messages, in publishing order where none was put back: those to deliver, and the retained others. */
  contents(): BacklogContents {
    const pending: StoredMessage[] = [];
    const acked: StoredMessage[] = [];
    for (const { state, message } of this.entries.values())
      (state === 'acked' ? acked : pending).push(message);
    return { pending, acked };
  }

  /** Restarts with these messages, undelivered and acknowledged ones; all leases end. */
  reset(contents: BacklogContents): void {
    for (const entry of this.entries.values()) this.release(entry);
    this.entries.clear();
    this.ready.clear();
    this.forwarding = [];
    this.firstGeneration += GENERATIONS_PER_RESET;
    const acked = new Set(this.settings.retainAcked ? contents.acked : []);
    const all = [...contents.pending, ...acked].sort((a, b) => a.id - b.id);
    for (const message of all) {
      if (acked.has(message)) this.entries.set(message.id, this.newEntry(message, null, 'acked'));
      else this.add(message);
    }
  }

  add(message: StoredMessage): void {
    if (this.entries.has(message.id)) return;
    const isOrdered = this.settings.ordered && message.orderingKey !== '';
    const keyQueue = isOrdered ? this.ready.keyQueue(message.orderingKey) : null;
    const entry = this.newEntry(message, keyQueue, 'ready');
    this.entries.set(message.id, entry);
    keyQueue?.append(entry);
    this.ready.push(entry);
  }

  /** Lease messages to a consumer, at least one if there is any and it has room. */
  take(
    consumer: Consumer,
    limits: { readonly maxMessages: number; readonly maxBytes: number; readonly leaseMs?: number },
    nowMs: number,
  ): Delivery[] {
    const taken: Delivery[] = [];
    const untilMs = nowMs + (limits.leaseMs ?? this.settings.ackDeadlineMs);
    let bytes = 0;
    const fits = (entry: Entry): boolean =>
      taken.length < limits.maxMessages &&
      consumer.hasRoom() &&
      (taken.length === 0 || bytes + entry.message.bytes <= limits.maxBytes);
    for (
      let entry = this.ready.take(consumer, fits);
      entry !== undefined;
      entry = this.ready.take(consumer, fits)
    ) {
      bytes += entry.message.bytes;
      taken.push(this.lease(entry, consumer, untilMs));
    }
    return taken;
  }

  /** @returns one outcome per ack id, in order. */
  acknowledge(ackIds: readonly string[]): AckOutcome[] {
    return ackIds.map((ackId) => {
      const found = this.find(ackId);
      if (typeof found === 'string') return found;
      if (this.settings.exactlyOnce && found.isStale) return 'stale';
      this.settle(found.entry);
      return found.isStale ? 'stale' : 'done';
    });
  }

  /** Move the end of leases to `leaseMs` from now; 0 gives the messages back at once. */
  modifyDeadline(ackIds: readonly string[], leaseMs: number, nowMs: number): AckOutcome[] {
    return ackIds.map((ackId) => {
      const found = this.find(ackId);
      if (typeof found === 'string') return found;
      if (found.isStale || found.entry.state !== 'leased') return 'stale';
      if (leaseMs === 0) this.fail(found.entry, nowMs);
      else this.extend(found.entry, nowMs + leaseMs);
      return 'done';
    });
  }

  /** End leases and waits that are due, and drop what is older than the retention. */
  advance(nowMs: number): void {
    for (let alarm = this.alarms.takeDue(nowMs); alarm !== undefined; alarm = this.alarms.takeDue(nowMs)) {
      const entry = this.entries.get(alarm.id);
      if (entry?.generation !== alarm.generation) continue;
      if (entry.untilMs > nowMs) this.alarms.add(entry.untilMs, alarm);
      else if (entry.state === 'leased') this.fail(entry, nowMs);
      else if (entry.state === 'waiting') this.makeReady(entry);
    }
    this.dropExpired(nowMs);
  }

  /** Messages that have to be published as dead letters now; answer each with `settleForwarded`. */
  takeDeadLetters(): { readonly message: StoredMessage; readonly attempt: number }[] {
    const letters = this.forwarding.filter((entry) => entry.state === 'forwarding');
    this.forwarding = [];
    return letters.map((entry) => ({ message: entry.message, attempt: entry.attempts }));
  }

  /** Not forwarded: the message is delivered again after the usual wait. */
  settleForwarded(messageId: number, isForwarded: boolean, nowMs: number): void {
    const entry = this.entries.get(messageId);
    if (entry?.state !== 'forwarding') return;
    if (isForwarded) this.settle(entry);
    else this.wait(entry, nowMs);
  }

  private newEntry(message: StoredMessage, keyQueue: OrderingKeyQueue | null, state: Entry['state']): Entry {
    return {
      message,
      keyQueue,
      state,
      generation: this.firstGeneration,
      attempts: 0,
      untilMs: 0,
      consumer: null,
    };
  }

  private lease(entry: Entry, consumer: Consumer, untilMs: number): Delivery {
    entry.state = 'leased';
    entry.generation += 1;
    entry.attempts += 1;
    entry.consumer = consumer;
    consumer.took(entry.message.bytes);
    this.setAlarm(entry, untilMs);
    return {
      ackId: formatAckId(this.serial, entry.message.id, entry.generation),
      message: entry.message,
      attempt: entry.attempts,
    };
  }

  private setAlarm(entry: Entry, untilMs: number): void {
    entry.untilMs = untilMs;
    this.alarms.add(untilMs, { id: entry.message.id, generation: entry.generation });
  }

  private extend(entry: Entry, untilMs: number): void {
    if (untilMs < entry.untilMs) this.setAlarm(entry, untilMs);
    else entry.untilMs = untilMs;
  }

  private find(ackId: string): { entry: Entry; isStale: boolean } | 'stale' | 'malformed' {
    const parsed = parseAckId(this.serial, ackId);
    if (parsed === undefined) return 'malformed';
    const entry = this.entries.get(parsed.messageId);
    if (entry === undefined || entry.state === 'acked') return 'stale';
    return { entry, isStale: entry.generation !== parsed.generation };
  }

  private release(entry: Entry): void {
    entry.generation += 1;
    entry.consumer?.released(entry.message.bytes);
    entry.consumer = null;
  }

  private settle(entry: Entry): void {
    this.release(entry);
    entry.state = 'acked';
    if (!this.settings.retainAcked) this.entries.delete(entry.message.id);
    this.ready.leave(entry);
    this.onSettled(entry.message.id);
  }

  private fail(entry: Entry, nowMs: number): void {
    for (const follower of entry.keyQueue?.giveBack(entry) ?? []) {
      this.release(follower);
      follower.state = 'ready';
      follower.attempts -= 1;
    }
    this.release(entry);
    const { maxDeliveryAttempts } = this.settings;
    if (maxDeliveryAttempts !== null && entry.attempts >= maxDeliveryAttempts) {
      entry.state = 'forwarding';
      this.forwarding.push(entry);
    } else {
      this.wait(entry, nowMs);
    }
  }

  private wait(entry: Entry, nowMs: number): void {
    const delayMs = retryDelayMs(this.settings.retry, entry.attempts);
    if (delayMs <= 0) {
      this.makeReady(entry);
      return;
    }
    entry.state = 'waiting';
    this.setAlarm(entry, nowMs + delayMs);
  }

  private makeReady(entry: Entry): void {
    entry.state = 'ready';
    this.ready.push(entry);
  }

  private dropExpired(nowMs: number): void {
    if (nowMs < this.nextRetentionCheckMs) return;
    this.nextRetentionCheckMs = nowMs + RETENTION_CHECK_MS;
    for (const entry of this.entries.values()) {
      if (entry.message.publishTimeMs + this.settings.retentionMs > nowMs) return;
      this.release(entry);
      entry.state = 'gone';
      this.entries.delete(entry.message.id);
      this.ready.leave(entry);
    }
  }
}
