import { describe, expect, it } from '@jest/globals';
import { Backlog, type Delivery } from './backlog.js';
import { Consumer } from './consumer.js';
import type { StoredMessage } from './message.js';
import type { BacklogSettings } from './settings.js';

const SETTINGS: BacklogSettings = {
  ackDeadlineMs: 10_000,
  retentionMs: 600_000,
  retainAcked: false,
  ordered: false,
  exactlyOnce: false,
  retry: null,
  maxDeliveryAttempts: null,
};

const ALL = { maxMessages: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };

const message = (id: number, orderingKey = '', bytes = 1): StoredMessage => ({
  id,
  publishTimeMs: 0,
  data: new Uint8Array(bytes),
  attributes: {},
  orderingKey,
  bytes,
});

function backlogOf(settings: Partial<BacklogSettings>, ...messages: readonly StoredMessage[]): Backlog {
  const backlog = new Backlog('s', { ...SETTINGS, ...settings });
  for (const one of messages) backlog.add(one);
  return backlog;
}

const ids = (deliveries: readonly Delivery[]): number[] => deliveries.map(({ message: { id } }) => id);
const acks = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ ackId }) => ackId);
const take = (backlog: Backlog, nowMs: number, consumer = new Consumer()): Delivery[] => {
  backlog.advance(nowMs);
  return backlog.take(consumer, ALL, nowMs);
};

describe('Backlog', () => {
  it('leases a message to one consumer only', () => {
    const backlog = backlogOf({}, message(1));

    expect(ids(take(backlog, 0))).toEqual([1]);
    expect(ids(take(backlog, 9_999))).toEqual([]);
  });

  it('delivers again when the lease ends, with the next attempt', () => {
    const backlog = backlogOf({}, message(1));
    take(backlog, 0);

    expect(take(backlog, 10_000)).toMatchObject([{ attempt: 2 }]);
  });

  it('forgets an acknowledged message', () => {
    const backlog = backlogOf({}, message(1));

    expect(backlog.acknowledge(acks(take(backlog, 0)))).toEqual(['done']);
    expect(ids(take(backlog, 60_000))).toEqual([]);
    expect(backlog.contents()).toEqual({ pending: [], acked: [] });
  });

  it('ends a lease later when it is extended, and sooner when it is shortened', () => {
    const backlog = backlogOf({}, message(1), message(2));
    const [first, second] = acks(take(backlog, 0));

    backlog.modifyDeadline([first ?? ''], 30_000, 5_000);
    backlog.modifyDeadline([second ?? ''], 1_000, 5_000);

    expect(ids(take(backlog, 6_000))).toEqual([2]);
    expect(ids(take(backlog, 15_999))).toEqual([]);
    expect(ids(take(backlog, 35_000))).toEqual([2, 1]);
  });

  it('takes a late acknowledgement of a message that was not delivered since', () => {
    const backlog = backlogOf({}, message(1));
    const late = acks(take(backlog, 0));
    backlog.advance(10_000);

    expect(backlog.acknowledge(late)).toEqual(['stale']);
    expect(ids(take(backlog, 10_000))).toEqual([]);
  });

  it('refuses a late acknowledgement with exactly-once delivery', () => {
    const backlog = backlogOf({ exactlyOnce: true }, message(1));
    const late = acks(take(backlog, 0));
    backlog.advance(10_000);

    expect(backlog.acknowledge(late)).toEqual(['stale']);
    expect(ids(take(backlog, 10_000))).toEqual([1]);
  });

  it.each([['x-1-1'], ['s-1'], ['s-1-1-1'], ['s-!-1'], ['']])(
    'knows %p for no ack id of its own',
    (ackId) => {
      expect(backlogOf({}, message(1)).acknowledge([ackId])).toEqual(['malformed']);
    },
  );

  it('doubles the wait after each failure up to the maximum', () => {
    const backlog = backlogOf({ retry: { minimumMs: 1_000, maximumMs: 3_000 } }, message(1));
    const waits: number[] = [];
    for (let nowMs = 0, nackedMs = 0; waits.length < 4; nowMs += 100) {
      const delivered = take(backlog, nowMs);
      if (delivered.length === 0) continue;
      if (nowMs > 0) waits.push(nowMs - nackedMs);
      backlog.modifyDeadline(acks(delivered), 0, nowMs);
      nackedMs = nowMs;
    }

    expect(waits).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it('hands a message over as a dead letter after its last attempt, and only then', () => {
    const backlog = backlogOf({ maxDeliveryAttempts: 5 }, message(1));
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(backlog.takeDeadLetters()).toEqual([]);
      backlog.modifyDeadline(acks(take(backlog, 0)), 0, 0);
    }

    expect(backlog.takeDeadLetters()).toEqual([{ message: message(1), attempt: 5 }]);
    backlog.settleForwarded(1, true, 0);
    expect(ids(take(backlog, 60_000))).toEqual([]);
  });

  it('delivers on when a dead letter could not be published', () => {
    const backlog = backlogOf({ maxDeliveryAttempts: 5 }, message(1));
    for (let attempt = 1; attempt <= 5; attempt += 1) backlog.modifyDeadline(acks(take(backlog, 0)), 0, 0);
    backlog.takeDeadLetters();

    backlog.settleForwarded(1, false, 0);

    expect(take(backlog, 0)).toMatchObject([{ attempt: 6 }]);
  });

  it('drops messages older than the retention, delivered or not', () => {
    const backlog = backlogOf({ retentionMs: 5_000 }, message(1), message(2));
    backlog.take(new Consumer(), { ...ALL, maxMessages: 1 }, 0);

    expect(ids(take(backlog, 5_000))).toEqual([]);
    expect(ids(take(backlog, 60_000))).toEqual([]);
  });

  it('keeps a consumer within its outstanding messages and bytes', () => {
    const messages = [1, 2, 3, 4].map((id) => message(id, '', 10));
    const byCount = new Consumer(2, 0);
    const byBytes = new Consumer(0, 15);

    const counted = backlogOf({}, ...messages);
    expect(ids(counted.take(byCount, ALL, 0))).toEqual([1, 2]);
    expect(ids(backlogOf({}, ...messages).take(byBytes, ALL, 0))).toEqual([1, 2]);
    expect(counted.take(byCount, ALL, 0)).toEqual([]);
  });

  it('gives a consumer room again when a message is acknowledged or its lease ends', () => {
    const consumer = new Consumer(1, 0);
    const backlog = backlogOf({}, message(1), message(2), message(3));

    backlog.acknowledge(acks(take(backlog, 0, consumer)));
    expect(ids(take(backlog, 0, consumer))).toEqual([2]);
    expect(ids(take(backlog, 10_000, consumer))).toEqual([3]);
    expect(consumer).toMatchObject({ outstandingMessages: 1, outstandingBytes: 1 });
  });

  it('takes one message beyond the bytes of an answer, never two', () => {
    const backlog = backlogOf({}, message(1, '', 100), message(2, '', 100));

    expect(ids(backlog.take(new Consumer(), { maxMessages: 10, maxBytes: 50 }, 0))).toEqual([1]);
  });
});

describe('Backlog with ordering', () => {
  const ordered = { ordered: true };

  it('gives the messages of a key to one consumer at a time', () => {
    const backlog = backlogOf(ordered, message(1, 'k'), message(2, 'k'), message(3, 'other'));
    const first = new Consumer();

    const held = backlog.take(first, { ...ALL, maxMessages: 1 }, 0);
    expect(ids(held)).toEqual([1]);
    expect(ids(take(backlog, 0))).toEqual([3]);
    backlog.acknowledge(acks(held));
    expect(ids(take(backlog, 0))).toEqual([2]);
  });

  it('delivers a failed message and all behind it again, in order', () => {
    const backlog = backlogOf(ordered, message(1, 'k'), message(2, 'k'), message(3, 'k'));
    const [first, second] = acks(take(backlog, 0));

    backlog.acknowledge([first ?? '']);
    backlog.modifyDeadline([second ?? ''], 0, 0);

    expect(ids(take(backlog, 0))).toEqual([2, 3]);
  });

  it('holds a key back while its first message waits', () => {
    const retry = { minimumMs: 1_000, maximumMs: 1_000 };
    const backlog = backlogOf({ ...ordered, retry }, message(1, 'k'), message(2, 'k'));
    backlog.modifyDeadline(acks(take(backlog, 0)).slice(0, 1), 0, 0);

    expect(ids(take(backlog, 999))).toEqual([]);
    expect(ids(take(backlog, 1_000))).toEqual([1, 2]);
  });

  it('goes on with a key when its first message became a dead letter', () => {
    const backlog = backlogOf({ ...ordered, maxDeliveryAttempts: 1 }, message(1, 'k'), message(2, 'k'));
    const held = backlog.take(new Consumer(), { ...ALL, maxMessages: 1 }, 0);
    backlog.modifyDeadline(acks(held), 0, 0);
    expect(ids(take(backlog, 0))).toEqual([]);

    backlog.takeDeadLetters();
    backlog.settleForwarded(1, true, 0);

    expect(ids(take(backlog, 0))).toEqual([2]);
  });
});

describe('Backlog.reset', () => {
  it('restarts and makes every earlier ack id stale', () => {
    const consumer = new Consumer(1, 0);
    const backlog = backlogOf({ exactlyOnce: true }, message(1));
    const before = acks(take(backlog, 0, consumer));

    backlog.reset({ pending: [message(1), message(2)], acked: [] });

    expect(consumer.outstandingMessages).toBe(0);
    expect(ids(take(backlog, 0))).toEqual([1, 2]);
    expect(backlog.acknowledge(before)).toEqual(['stale']);
  });

  it('keeps acknowledged messages only where they are retained', () => {
    const contents = { pending: [], acked: [message(1)] };
    const retaining = backlogOf({ retainAcked: true });
    const plain = backlogOf({});

    retaining.reset(contents);
    plain.reset(contents);

    expect(retaining.contents()).toEqual(contents);
    expect(plain.contents()).toEqual({ pending: [], acked: [] });
  });
});

describe('Backlog at size', () => {
  it('moves 100,000 messages through leases, nacks and acks without losing one', () => {
    const count = 100_000;
    const backlog = backlogOf({});
    for (let id = 1; id <= count; id += 1) backlog.add(message(id));
    const consumer = new Consumer(1_000, 0);
    const settled = new Set<number>();
    let nowMs = 0;
    const startedMs = performance.now();

    while (settled.size < count) {
      nowMs += 10;
      for (const {
        ackId,
        message: { id },
        attempt,
      } of take(backlog, nowMs, consumer)) {
        if (attempt === 1 && id % 3 === 0) backlog.modifyDeadline([ackId], 0, nowMs);
        else if (attempt === 1 && id % 101 === 0) backlog.modifyDeadline([ackId], 20, nowMs);
        else {
          backlog.acknowledge([ackId]);
          settled.add(id);
        }
      }
    }

    expect(take(backlog, nowMs + 600_000)).toEqual([]);
    // Far more than it takes (about 0.3 s); quadratic work would take minutes.
    expect(performance.now() - startedMs).toBeLessThan(25_000);
  });

  it('moves 100,000 messages of one ordering key in order', () => {
    const count = 100_000;
    const backlog = backlogOf({ ordered: true });
    for (let id = 1; id <= count; id += 1) backlog.add(message(id, 'k'));
    const seen: number[] = [];

    while (seen.length < count) {
      const taken = backlog.take(new Consumer(), { ...ALL, maxMessages: 100 }, 0);
      for (const {
        message: { id },
      } of taken)
        seen.push(id);
      backlog.acknowledge(acks(taken));
    }

    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });
});
