import type { Consumer } from './consumer.js';
import type { Entry } from './entry.js';
import { Fifo } from './fifo.js';
import { Lane } from './lane.js';

/**
 * What may be delivered, in turn: messages without an ordering key by themselves, the others in their lanes.
 *
 * Messages that are settled while they stand here are skipped when their turn comes.
 */
export class ReadyQueue {
  private readonly turns = new Fifo<Entry | Lane>();
  private readonly lanes = new Map<string, Lane>();

  /** Turns, among them some in vain. */
  get length(): number {
    return this.turns.length;
  }

  /** The lane of an ordering key, a new one where there is none. */
  lane(key: string): Lane {
    const lane = this.lanes.get(key) ?? new Lane(key);
    this.lanes.set(key, lane);
    return lane;
  }

  push(entry: Entry): void {
    if (entry.lane === null) this.turns.push(entry);
    else this.queue(entry.lane);
  }

  /** Take the next message for a consumer, if it fits; a lane that another consumer holds waits until it is idle. */
  take(consumer: Consumer, fits: (entry: Entry) => boolean): Entry | undefined {
    for (let next = this.turns.peek(); next !== undefined; next = this.turns.peek()) {
      const entry = next instanceof Lane ? next.peek() : next;
      if (entry?.state !== 'ready' || (next instanceof Lane && !next.isOpenTo(consumer))) {
        this.turns.shift();
        if (next instanceof Lane) next.queued = false;
        continue;
      }
      if (!fits(entry)) return undefined;
      if (next instanceof Lane) next.take(entry, consumer);
      else this.turns.shift();
      return entry;
    }
    return undefined;
  }

  /** A message of a lane is settled or gone: the lane may go on. */
  leave(entry: Entry): void {
    const { lane } = entry;
    if (lane === null) return;
    lane.settle(entry);
    if (lane.isIdle()) this.queue(lane);
    if (lane.isEmpty()) this.lanes.delete(lane.key);
  }

  clear(): void {
    this.turns.clear();
    this.lanes.clear();
  }

  private queue(lane: Lane): void {
    if (lane.queued || lane.peek() === undefined) return;
    lane.queued = true;
    this.turns.push(lane);
  }
}
