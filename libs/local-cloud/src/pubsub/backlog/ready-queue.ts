import type { Consumer } from './consumer.js';
import type { Entry } from './entry.js';
import { Fifo } from './fifo.js';
import { OrderingKeyQueue } from './ordering-key-queue.js';

/**
 * Deliverable messages in turn: those without an ordering key singly, the others by the queues of their keys.
 *
 * Messages that are settled while they wait here are skipped when their turn comes.
 */
export class ReadyQueue {
  private readonly turns = new Fifo<Entry | OrderingKeyQueue>();
  private readonly keyQueues = new Map<string, OrderingKeyQueue>();

  /** Number of turns, including those of messages that are settled by now. */
  get length(): number {
    return this.turns.length;
  }

  /** The keyQueue of an ordering key, a new one where there is none. */
  keyQueue(key: string): OrderingKeyQueue {
    const keyQueue = this.keyQueues.get(key) ?? new OrderingKeyQueue(key);
    this.keyQueues.set(key, keyQueue);
    return keyQueue;
  }

  push(entry: Entry): void {
    if (entry.keyQueue === null) this.turns.push(entry);
    else this.queue(entry.keyQueue);
  }

  /** Take the next message for a consumer, if it fits; a keyQueue that another consumer holds waits until it is idle. */
  take(consumer: Consumer, fits: (entry: Entry) => boolean): Entry | undefined {
    for (let next = this.turns.peek(); next !== undefined; next = this.turns.peek()) {
      const entry = next instanceof OrderingKeyQueue ? next.peek() : next;
      if (entry?.state !== 'ready' || (next instanceof OrderingKeyQueue && !next.isOpenTo(consumer))) {
        this.turns.shift();
        if (next instanceof OrderingKeyQueue) next.queued = false;
        continue;
      }
      if (!fits(entry)) return undefined;
      if (next instanceof OrderingKeyQueue) next.take(entry, consumer);
      else this.turns.shift();
      return entry;
    }
    return undefined;
  }

  /** A message of a keyQueue is settled or gone: the keyQueue may go on. */
  leave(entry: Entry): void {
    const { keyQueue } = entry;
    if (keyQueue === null) return;
    keyQueue.settle(entry);
    if (keyQueue.isIdle()) this.queue(keyQueue);
    if (keyQueue.isEmpty()) this.keyQueues.delete(keyQueue.key);
  }

  clear(): void {
    this.turns.clear();
    this.keyQueues.clear();
  }

  private queue(keyQueue: OrderingKeyQueue): void {
    if (keyQueue.queued || keyQueue.peek() === undefined) return;
    keyQueue.queued = true;
    this.turns.push(keyQueue);
  }
}
