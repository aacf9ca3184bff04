import { expect } from '@jest/globals';
import {
  ALREADY_EXISTS,
  INVALID_ARGUMENT,
  NOT_FOUND,
  fails,
  pair,
  type ContractCase,
} from './contract-case.builder.js';

export function resourceCases(): readonly ContractCase[] {
  return [
    {
      name: 'creates, gets, lists and deletes a topic',
      async run(session) {
        const id = session.id('topic');
        await session.pubsub.createTopic(id);

        const [topics] = await session.pubsub.getTopics();
        expect(topics.map(({ name }) => name)).toContain(session.path('topics', id));
        expect((await session.pubsub.topic(id).getMetadata())[0].name).toBe(session.path('topics', id));

        await session.pubsub.topic(id).delete();
        await fails(session.pubsub.topic(id).getMetadata(), NOT_FOUND);
        await fails(session.pubsub.topic(id).delete(), NOT_FOUND);
      },
    },
    {
      name: 'refuses a second topic or subscription of the same name with ALREADY_EXISTS',
      async run(session) {
        const { topic, subscription } = await pair(session);

        await fails(session.publisher.createTopic({ name: topic }), ALREADY_EXISTS);
        await fails(session.subscriber.createSubscription({ name: subscription, topic }), ALREADY_EXISTS);
      },
    },
    {
      name: 'refuses ids that are too short, begin with a digit or goog, or hold other characters',
      async run(session) {
        for (const id of ['ab', '1abc', 'goog-topic', 'a b c', `a${'b'.repeat(255)}`]) {
          await fails(session.publisher.createTopic({ name: session.path('topics', id) }), INVALID_ARGUMENT);
        }
      },
    },
    {
      name: 'refuses a subscription to a missing topic with NOT_FOUND',
      async run(session) {
        const name = session.path('subscriptions', session.id('sub'));
        const topic = session.path('topics', 'no-such-topic');

        await fails(session.subscriber.createSubscription({ name, topic }), NOT_FOUND);
      },
    },
    {
      name: 'gives a subscription 10 s of ack deadline and 7 days of retention',
      async run(session) {
        const { subscription } = await pair(session);

        const [found] = await session.subscriber.getSubscription({ subscription });

        expect(found.ackDeadlineSeconds).toBe(10);
        expect(Number(found.messageRetentionDuration?.seconds)).toBe(604_800);
      },
    },
    {
      name: 'refuses an ack deadline above 600 s and a retention below 10 minutes',
      async run(session) {
        const { topic } = await pair(session);
        const name = session.path('subscriptions', session.id('sub'));

        await fails(
          session.subscriber.createSubscription({ name, topic, ackDeadlineSeconds: 601 }),
          INVALID_ARGUMENT,
        );
        await fails(
          session.subscriber.createSubscription({ name, topic, messageRetentionDuration: { seconds: 10 } }),
          INVALID_ARGUMENT,
        );
      },
    },
    {
      name: 'updates the masked fields of a subscription only',
      async run(session) {
        const { subscription, topic } = await pair(session, { labels: { team: 'a' } });

        await session.subscriber.updateSubscription({
          subscription: { name: subscription, topic, ackDeadlineSeconds: 42 },
          updateMask: { paths: ['ack_deadline_seconds'] },
        });

        const [found] = await session.subscriber.getSubscription({ subscription });
        expect(found.ackDeadlineSeconds).toBe(42);
        expect(found.labels).toEqual({ team: 'a' });
      },
    },
    {
      name: 'refuses an update without a mask',
      async run(session) {
        const { subscription } = await pair(session);

        await fails(
          session.subscriber.updateSubscription({
            subscription: { name: subscription },
            updateMask: { paths: [] },
          }),
          INVALID_ARGUMENT,
        );
      },
    },
    {
      name: 'keeps the subscriptions of a deleted topic, as of _deleted-topic_',
      async run(session) {
        const { topic, subscription } = await pair(session);

        await session.publisher.deleteTopic({ topic });

        const [found] = await session.subscriber.getSubscription({ subscription });
        expect(found.topic).toBe('_deleted-topic_');
      },
    },
    {
      name: 'lists in pages',
      async run(session) {
        const { topic } = await pair(session);
        const names = ['page-a', 'page-b', 'page-c'].map((id) =>
          session.path('subscriptions', session.id(id)),
        );
        for (const name of names) await session.subscriber.createSubscription({ name, topic });

        const seen: string[] = [];
        for await (const name of session.publisher.listTopicSubscriptionsAsync({ topic, pageSize: 2 })) {
          seen.push(name);
        }

        expect(seen).toHaveLength(4);
        expect(seen).toEqual(expect.arrayContaining(names));
      },
    },
  ];
}
