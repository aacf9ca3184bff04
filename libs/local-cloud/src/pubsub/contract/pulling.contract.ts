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

export function pullingCases(): readonly ContractCase[] {
  return [
    {
      name: 'does not deliver an acknowledged message again',
      async run(session) {
        const { topic, subscription } = await pair(session);
        await publish(session, topic, ['once']);
        const pulled = await pullAll(session, subscription, 1);

        await session.subscriber.modifyAckDeadline({
          subscription,
          ackIds: pulled.map(({ ackId }) => ackId),
          ackDeadlineSeconds: 10,
        });
        await acknowledge(session, subscription, pulled);
        await publish(session, topic, ['mark']);

        expect((await pullAll(session, subscription, 1)).map(({ text }) => text)).toEqual(['mark']);
      },
    },
    {
      name: 'delivers a message again when its deadline is set to 0',
      async run(session) {
        const { topic, subscription } = await pair(session);
        await publish(session, topic, ['again']);

        await nack(session, subscription, await pullAll(session, subscription, 1));

        expect((await pullAll(session, subscription, 1))[0]?.text).toBe('again');
      },
    },
    {
      name: 'delivers a message again when its lease runs out',
      async run(session) {
        const { topic, subscription } = await pair(session);
        await publish(session, topic, ['slow']);
        const [first] = await pullAll(session, subscription, 1);

        await session.subscriber.modifyAckDeadline({
          subscription,
          ackIds: [first?.ackId ?? ''],
          ackDeadlineSeconds: 1,
        });

        expect(await pullOnce(session, subscription)).toEqual([]);
        expect((await pullAll(session, subscription, 1))[0]?.text).toBe('slow');
      },
    },
    {
      name: 'wakes a waiting pull when a message comes',
      async run(session) {
        const { topic, subscription } = await pair(session);

        const waiting = session.subscriber.pull({ subscription, maxMessages: 1 });
        await publish(session, topic, ['now']);

        const [{ receivedMessages }] = await waiting;
        expect(Buffer.from(receivedMessages?.[0]?.message?.data ?? '').toString()).toBe('now');
      },
    },
    {
      name: 'refuses a pull of 0 messages, a missing subscription and a deadline over 600 s',
      async run(session) {
        const { subscription } = await pair(session);
        const missing = session.path('subscriptions', 'no-such-sub');

        await fails(session.subscriber.pull({ subscription, maxMessages: 0 }), INVALID_ARGUMENT);
        await fails(session.subscriber.pull({ subscription: missing, maxMessages: 1 }), NOT_FOUND);
        await fails(
          session.subscriber.modifyAckDeadline({ subscription, ackIds: ['x'], ackDeadlineSeconds: 601 }),
          INVALID_ARGUMENT,
        );
      },
    },
    {
      name: 'refuses to pull from a detached subscription with FAILED_PRECONDITION',
      googleDiffers: 'does not implement DetachSubscription',
      async run(session) {
        const { subscription } = await pair(session);

        await session.publisher.detachSubscription({ subscription });

        await fails(
          session.subscriber.pull({ subscription, maxMessages: 1, returnImmediately: true }),
          FAILED_PRECONDITION,
        );
      },
    },
    {
      name: 'waits the minimum back-off of the retry policy before a pull gets the message again',
      googleDiffers: 'delivers at once',
      async run(session) {
        const { topic, subscription } = await pair(session, {
          retryPolicy: { minimumBackoff: { seconds: 2 }, maximumBackoff: { seconds: 4 } },
        });
        await publish(session, topic, ['later']);
        const nackedAtMs = Date.now();
        await nack(session, subscription, await pullAll(session, subscription, 1));

        await pullAll(session, subscription, 1);

        expect(Date.now() - nackedAtMs).toBeGreaterThanOrEqual(1_900);
      },
    },
  ];
}
