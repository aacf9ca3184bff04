import type { Consumer } from './consumer.js';
import type { Entry } from './entry.js';
import { Fifo } from './fifo.js';

/**
 * The messages of one ordering key, in publishing order.
 *
 * Only the consumer that holds the outstanding ones gets more; another one may start when none is outstanding.
 * A message that comes back blocks its successors: those outstanding are taken back too.
 * Source: https://cloud.google.com/pubsub/docs/ordering, read 2026-11-22.
 */
export class OrderingKeyQueue {
  private readonly pending = new Fifo<Entry>();
  private readonly outstanding = new Set<Entry>();
  private holder: Consumer | null = null;
  /** True while this queue is in the ready queue. */
  queued = false;

  constructor(readonly key: string) {}

  /** The next message, unless it still waits for its time. */
  peek(): Entry | undefined {
    for (;;) {
      const first = this.pending.peek();
      if (first === undefined || first.state === 'ready') return first;
      if (first.state !== 'acked' && first.state !== 'gone') return undefined;
      this.pending.shift();
    }
  }

  isIdle(): boolean {
    return this.outstanding.size === 0;
  }

  isEmpty(): boolean {
    return this.pending.length === 0 && this.outstanding.size === 0;
  }

  isOpenTo(consumer: Consumer): boolean {
    return this.outstanding.size === 0 || this.holder === consumer;
  }

  append(entry: Entry): void {
    this.pending.push(entry);
  }

  take(entry: Entry, consumer: Consumer): void {
    this.pending.shift();
    this.outstanding.add(entry);
    this.holder = consumer;
  }

  settle(entry: Entry): void {
    this.outstanding.delete(entry);
  }

  /** Takes back a message and all outstanding ones behind it; the ones behind are returned, in order. */
  giveBack(entry: Entry): Entry[] {
    const returned = [...this.outstanding].filter((other) => other.message.id >= entry.message.id);
    for (const other of [...returned].reverse()) {
      this.outstanding.delete(other);
      this.pending.unshift(other);
    }
    return returned.filter((other) => other !== entry);
  }
}
