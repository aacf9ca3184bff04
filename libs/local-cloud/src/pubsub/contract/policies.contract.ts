import { expect } from '@jest/globals';
import {
  FAILED_PRECONDITION,
  INVALID_ARGUMENT,
  NOT_FOUND,
  acknowledge,
  fails,
  nack,
  pair,
  publish,
  pullAll,
  pullOnce,
  type ContractCase,
} from './contract-case.builder.js';
import { until } from './pubsub-session.builder.js';

export function policyCases(): readonly ContractCase[] {
  return [
    {
      name: 'delivers only what the filter lets through',
      googleDiffers: 'stores filters without applying them',
      async run(session) {
        const { topic, subscription } = await pair(session, {
          filter: 'attributes.kind = "a" OR hasPrefix(attributes.kind, "b")',
        });
        const messages = ['a', 'bee', 'c'].map((kind) => ({ data: Buffer.from(kind), attributes: { kind } }));
        await session.publisher.publish({ topic, messages });

        await pullAll(session, subscription, 2);

        expect(await pullOnce(session, subscription)).toEqual([]);
      },
    },
    {
      name: 'refuses a filter that cannot be read',
      googleDiffers: 'takes any filter',
      async run(session) {
        const { topic } = await pair(session);
        const name = session.path('subscriptions', session.id('sub'));

        await fails(
          session.subscriber.createSubscription({ name, topic, filter: 'attributes.kind === ' }),
          INVALID_ARGUMENT,
        );
      },
    },
    {
      name: 'forwards a message to the dead-letter topic after five attempts, with its origin',
      async run(session) {
        const dead = await pair(session);
        const { topic, subscription, subscriptionId } = await pair(session, {
          deadLetterPolicy: { deadLetterTopic: dead.topic, maxDeliveryAttempts: 5 },
        });
        await session.publisher.publish({
          topic,
          messages: [{ data: Buffer.from('bad'), attributes: { own: 'kept' } }],
        });

        const attempts: number[] = [];
        for (let round = 0; round < 5; round += 1) {
          const pulled = await pullAll(session, subscription, 1);
          attempts.push(...pulled.map(({ attempt }) => attempt));
          await nack(session, subscription, pulled);
        }

        // Google's emulator looks for dead letters when a client pulls.
        const letters = await until(
          async () => {
            await nack(session, subscription, await pullOnce(session, subscription)).catch(() => undefined);
            return pullOnce(session, dead.subscription);
          },
          ({ length }) => length > 0,
        );
        const [letter] = letters;
        expect(attempts).toEqual([1, 2, 3, 4, 5]);
        expect(letter?.text).toBe('bad');
        expect(letter?.attributes).toMatchObject({
          own: 'kept',
          CloudPubSubDeadLetterSourceSubscription: subscriptionId,
          CloudPubSubDeadLetterSourceSubscriptionProject: 'contract-project',
          CloudPubSubDeadLetterSourceDeliveryCount: expect.stringMatching(/^[56]$/),
        });
      },
    },
    {
      name: 'drops the backlog when sought to a future time',
      async run(session) {
        const { topic, subscription } = await pair(session);
        await publish(session, topic, ['old']);

        const seconds = Math.floor(Date.now() / 1_000) + 3_600;
        await session.subscriber.seek({ subscription, time: { seconds } });

        expect(await pullOnce(session, subscription)).toEqual([]);
      },
    },
    {
      name: 'delivers retained messages again when sought to the past',
      async run(session) {
        const { topic, subscription } = await pair(session, { retainAckedMessages: true });
        await publish(session, topic, ['a', 'b']);
        await acknowledge(session, subscription, await pullAll(session, subscription, 2));

        await session.subscriber.seek({
          subscription,
          time: { seconds: Math.floor(Date.now() / 1_000) - 60 },
        });

        expect((await pullAll(session, subscription, 2)).map(({ text }) => text).sort()).toEqual(['a', 'b']);
      },
    },
    {
      name: 'goes back to a snapshot: what was unacknowledged then, and everything since',
      async run(session) {
        const { topic, subscription } = await pair(session);
        const name = session.path('snapshots', session.id('snap'));
        await publish(session, topic, ['before']);
        await session.subscriber.createSnapshot({ name, subscription });
        await publish(session, topic, ['after']);
        await acknowledge(session, subscription, await pullAll(session, subscription, 2));

        await session.subscriber.seek({ subscription, snapshot: name });

        expect((await pullAll(session, subscription, 2)).map(({ text }) => text).sort()).toEqual([
          'after',
          'before',
        ]);
        await session.subscriber.deleteSnapshot({ snapshot: name });
        await fails(session.subscriber.getSnapshot({ snapshot: name }), NOT_FOUND);
      },
    },
    {
      name: 'reports to an exactly-once subscriber which acknowledgements came too late',
      googleDiffers: 'answers INVALID_ARGUMENT',
      async run(session) {
        const { topic, subscription } = await pair(session, { enableExactlyOnceDelivery: true });
        await publish(session, topic, ['late']);
        const pulled = await pullAll(session, subscription, 1);
        await nack(session, subscription, pulled);

        await fails(acknowledge(session, subscription, pulled), FAILED_PRECONDITION);
      },
    },
  ];
}
