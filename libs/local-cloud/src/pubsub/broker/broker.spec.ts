import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Consumer } from '../backlog/consumer.js';
import { noJournal } from '../journal/records.js';
import { Broker } from './broker.js';
import type { Clock } from './clock.js';
import { seek } from './snapshots.js';
import type { Subscription } from './subscription.js';

const TOPIC = 'projects/p/topics/events';
const DEAD = 'projects/p/topics/dead';
const ALL = { maxMessages: 1_000, maxBytes: 1e9 };

/** A clock that moves only when a test moves it; alarms run when their time has come. */
class HandClock implements Clock {
  private now = 1_000_000;
  private alarms: { atMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.now;
  }

  at(atMs: number, run: () => void): () => void {
    const alarm = { atMs, run };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  }

  move(ms: number): void {
    this.now += ms;
    const due = this.alarms.filter(({ atMs }) => atMs <= this.now);
    this.alarms = this.alarms.filter(({ atMs }) => atMs > this.now);
    for (const { run } of due) run();
  }
}

function setUp(config: object = {}): {
  broker: Broker;
  clock: HandClock;
  reader: Subscription;
  dead: Subscription;
} {
  const clock = new HandClock();
  const broker = new Broker(clock, noJournal);
  broker.createTopic({ name: TOPIC });
  broker.createTopic({ name: DEAD });
  broker.createSubscription({ name: 'projects/p/subscriptions/reader', topic: TOPIC, ...config });
  broker.createSubscription({ name: 'projects/p/subscriptions/dead', topic: DEAD });
  return {
    broker,
    clock,
    reader: broker.subscription('projects/p/subscriptions/reader'),
    dead: broker.subscription('projects/p/subscriptions/dead'),
  };
}

const publish = (broker: Broker, ...texts: readonly string[]): string[] =>
  broker.publish(
    TOPIC,
    texts.map((text) => ({ data: Buffer.from(text), attributes: {}, orderingKey: '' })),
  );

describe('Broker', () => {
  it('forwards dead letters by expired leases too, with where they come from', () => {
    const { broker, clock, reader, dead } = setUp({
      deadLetterPolicy: { deadLetterTopic: DEAD, maxDeliveryAttempts: 5 },
    });
    publish(broker, 'bad');

    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(reader.take(new Consumer(), ALL)).toMatchObject([{ attempt }]);
      clock.move(10_000);
    }

    expect(reader.take(new Consumer(), ALL)).toEqual([]);
    expect(dead.take(new Consumer(), ALL)).toMatchObject([
      {
        message: {
          attributes: {
            CloudPubSubDeadLetterSourceDeliveryCount: '5',
            CloudPubSubDeadLetterSourceSubscription: 'reader',
            CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
            CloudPubSubDeadLetterSourceTopicPublishTime: '1970-01-01T00:16:40Z',
          },
        },
      },
    ]);
  });

  it('refuses a dead-letter topic that does not exist', () => {
    const { broker, reader } = setUp();
    const deadLetterPolicy = { deadLetterTopic: `${DEAD}-not` };
    const name = 'projects/p/subscriptions/other';
    const missing = expect.objectContaining({ status: 'NOT_FOUND' });
    const statusOf = (task: () => unknown): unknown => {
      try {
        return task();
      } catch (error) {
        return error;
      }
    };
    expect(statusOf(() => broker.createSubscription({ name, topic: TOPIC, deadLetterPolicy }))).toEqual(
      missing,
    );
    expect(statusOf(() => broker.updateSubscription({ ...reader.resource, deadLetterPolicy }))).toEqual(
      missing,
    );
    expect(broker.subscriptions.find(name)).toBeUndefined();
  });

  it('delivers on while the dead-letter topic is missing', () => {
    const { broker, clock, reader } = setUp({ deadLetterPolicy: { deadLetterTopic: DEAD } });
    broker.deleteTopic(DEAD);
    publish(broker, 'bad');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      reader.take(new Consumer(), ALL);
      clock.move(10_000);
    }

    expect(reader.take(new Consumer(), ALL)).toMatchObject([{ attempt: 6 }]);
  });

  it('seeks to what the topic retains, also for a subscription made later', () => {
    const { broker, clock } = setUp();
    broker.updateTopic({ name: TOPIC, messageRetentionDuration: '600s' });
    publish(broker, 'old');
    clock.move(601_000);
    publish(broker, 'kept');
    const name = 'projects/p/subscriptions/later';
    broker.createSubscription({ name, topic: TOPIC });

    seek(broker, { subscription: name, time: '1970-01-01T00:00:00Z' });

    const texts = broker
      .subscription(name)
      .take(new Consumer(), ALL)
      .map(({ message }) => Buffer.from(message.data).toString());
    expect(texts).toEqual(['kept']);
  });

  it('gives ids that grow, over restarts too', () => {
    const first = setUp();
    const before = publish(first.broker, 'a', 'b').map(Number);
    const second = setUp();
    second.clock.move(1);
    const laterBroker = new Broker(second.clock, noJournal);
    laterBroker.createTopic({ name: TOPIC });

    const after = publish(laterBroker, 'c').map(Number);

    expect([...before, ...after]).toEqual([...before, ...after].sort((a, b) => a - b));
    expect(new Set([...before, ...after]).size).toBe(3);
  });

  it('loses no message whatever subscribers do (property)', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({
        kind: fc.constantFrom('ack' as const, 'nack' as const, 'extend' as const),
        pick: fc.nat(20),
      }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    );
    const ordered = fc.boolean();

    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), ordered, (steps, enableMessageOrdering) => {
        const { broker, clock, reader } = setUp({ enableMessageOrdering });
        const published: string[] = [];
        const done = new Set<string>();
        let held: { ackId: string; id: string }[] = [];
        for (const one of steps) {
          if (one.kind === 'publish') {
            const messages = Array.from({ length: one.count }, (_, index) => ({
              data: Buffer.from('x'),
              attributes: {},
              orderingKey: String(index % 2),
            }));
            published.push(...broker.publish(TOPIC, messages));
          } else if (one.kind === 'take') {
            const taken = reader.take(new Consumer(), { ...ALL, maxMessages: one.count });
            held.push(...taken.map(({ ackId, message }) => ({ ackId, id: String(message.id) })));
          } else if (one.kind === 'wait') {
            clock.move(one.ms);
          } else {
            const target = held[one.pick % Math.max(1, held.length)];
            if (target === undefined) continue;
            held = held.filter((other) => other !== target);
            if (one.kind === 'ack') {
              reader.acknowledge([target.ackId]);
              done.add(target.id);
            } else reader.modifyDeadline([target.ackId], one.kind === 'nack' ? 0 : 15_000);
          }
        }
        const rest = new Set<string>();
        for (let round = 0; round < 200 && rest.size + done.size < published.length; round += 1) {
          clock.move(16_000);
          const taken = reader.take(new Consumer(), ALL);
          for (const { message } of taken) rest.add(String(message.id));
          reader.acknowledge(taken.map(({ ackId }) => ackId));
        }

        expect(new Set([...rest, ...done])).toEqual(new Set(published));
        expect([...rest].filter((id) => done.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
