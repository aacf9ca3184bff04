import type { Message } from '@google-cloud/pubsub';
import { expect } from '@jest/globals';
import { pair, publish, type ContractCase } from './contract-case.builder.js';
import { until } from './pubsub-session.builder.js';

export function streamingCases(): readonly ContractCase[] {
  return [
    {
      name: 'streams 2,000 messages, each acknowledged once',
      async run(session) {
        const { topicId, subscriptionId } = await pair(session);
        const topic = session.pubsub.topic(topicId, { batching: { maxMessages: 200, maxMilliseconds: 5 } });
        const stream = session.pubsub.subscription(subscriptionId);
        const seen = new Map<string, number>();
        stream.on('message', (message: Message) => {
          seen.set(message.id, (seen.get(message.id) ?? 0) + 1);
          message.ack();
        });

        const sent = Array.from({ length: 2_000 }, (_, index) =>
          topic.publishMessage({ data: Buffer.from(`${index}`) }),
        );
        const ids = await Promise.all(sent);

        await until(
          () => seen.size,
          (size) => size === ids.length,
        );
        await stream.close();
        expect(new Set(seen.keys())).toEqual(new Set(ids));
        expect([...seen.values()].every((times) => times === 1)).toBe(true);
      },
    },
    {
      name: 'streams a message again after a nack',
      async run(session) {
        const { topic, subscriptionId } = await pair(session);
        const stream = session.pubsub.subscription(subscriptionId);
        let deliveries = 0;
        stream.on('message', (message: Message) => {
          deliveries += 1;
          if (deliveries === 1) message.nack();
          else message.ack();
        });

        await publish(session, topic, ['twice']);

        await until(
          () => deliveries,
          (count) => count === 2,
        );
        await stream.close();
      },
    },
    {
      name: 'keeps the flow-control limit of a stream',
      async run(session) {
        const { topic, subscriptionId } = await pair(session);
        await publish(
          session,
          topic,
          Array.from({ length: 30 }, (_, index) => `m${index}`),
        );
        const stream = session.pubsub.subscription(subscriptionId, {
          flowControl: { maxMessages: 5, allowExcessMessages: false },
          streamingOptions: { maxStreams: 1 },
        });
        const held: Message[] = [];
        let most = 0;
        let done = 0;
        stream.on('message', (message: Message) => {
          held.push(message);
          most = Math.max(most, held.length);
          setTimeout(() => {
            held.shift()?.ack();
            done += 1;
          }, 10);
        });

        await until(
          () => done,
          (count) => count === 30,
        );
        await stream.close();
        expect(most).toBeLessThanOrEqual(5);
      },
    },
    {
      name: 'streams the messages of an ordering key in order',
      async run(session) {
        const { topicId, subscriptionId } = await pair(session, { enableMessageOrdering: true });
        const topic = session.pubsub.topic(topicId, { messageOrdering: true });
        const stream = session.pubsub.subscription(subscriptionId);
        const seen: Record<string, string[]> = { a: [], b: [] };
        stream.on('message', (message: Message) => {
          seen[message.orderingKey ?? '']?.push(message.data.toString());
          message.ack();
        });

        const numbers = Array.from({ length: 100 }, (_, index) => String(index));
        await Promise.all(
          numbers.flatMap((number) =>
            ['a', 'b'].map((orderingKey) => topic.publishMessage({ data: Buffer.from(number), orderingKey })),
          ),
        );

        await until(
          () => (seen['a'] ?? []).length + (seen['b'] ?? []).length,
          (count) => count >= 200,
        );
        await stream.close();
        expect(seen).toEqual({ a: numbers, b: numbers });
      },
    },
  ];
}
