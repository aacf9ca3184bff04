import { expect } from '@jest/globals';
import {
  INVALID_ARGUMENT,
  NOT_FOUND,
  fails,
  pair,
  publish,
  pullAll,
  type ContractCase,
} from './contract-case.builder.js';

export function publishingCases(): readonly ContractCase[] {
  return [
    {
      name: 'delivers data, attributes, message id and publish time as published',
      async run(session) {
        const { topic, subscription } = await pair(session);
        const attributes = { kind: 'ünïcode', empty: '' };
        const data = Buffer.from([0, 255, 1, 254]);
        const beforeMs = Date.now();

        const [{ messageIds }] = await session.publisher.publish({ topic, messages: [{ data, attributes }] });
        const [{ receivedMessages }] = await session.subscriber.pull({ subscription, maxMessages: 10 });

        const message = receivedMessages?.[0]?.message;
        expect(Buffer.from(message?.data ?? '')).toEqual(data);
        expect(message?.attributes).toEqual(attributes);
        expect(message?.messageId).toBe(messageIds?.[0]);
        expect(Math.abs(Number(message?.publishTime?.seconds) * 1_000 - beforeMs)).toBeLessThan(5_000);
      },
    },
    {
      name: 'gives every subscription of the topic every message',
      async run(session) {
        const { topic, subscription } = await pair(session);
        const second = session.path('subscriptions', session.id('sub'));
        await session.subscriber.createSubscription({ name: second, topic });

        await publish(session, topic, ['a', 'b']);

        expect((await pullAll(session, subscription, 2)).map(({ text }) => text).sort()).toEqual(['a', 'b']);
        expect((await pullAll(session, second, 2)).map(({ text }) => text).sort()).toEqual(['a', 'b']);
      },
    },
    {
      name: 'refuses to publish to a missing topic with NOT_FOUND',
      run: (session) => fails(publish(session, session.path('topics', 'no-such-topic'), ['x']), NOT_FOUND),
    },
    {
      name: 'refuses a message with neither data nor attributes',
      async run(session) {
        const { topic } = await pair(session);

        await fails(session.publisher.publish({ topic, messages: [{}] }), INVALID_ARGUMENT);
      },
    },
    {
      name: 'refuses more than 1,000 messages in one request',
      async run(session) {
        const { topic } = await pair(session);

        await fails(publish(session, topic, Array<string>(1_001).fill('x')), INVALID_ARGUMENT);
      },
    },
    {
      name: 'refuses more than 10 MB in one request',
      googleDiffers: 'takes larger requests',
      async run(session) {
        const { topic } = await pair(session);

        await fails(publish(session, topic, ['x'.repeat(10_485_761)]), INVALID_ARGUMENT);
      },
    },
    {
      name: 'takes a message of 10,000,000 bytes and delivers it',
      async run(session) {
        const { topic, subscription } = await pair(session);

        await publish(session, topic, ['x'.repeat(10_000_000)]);

        expect((await pullAll(session, subscription, 1))[0]?.text).toHaveLength(10_000_000);
      },
    },
    ...(
      [
        [
          'more than 100 attributes',
          Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 'v'])),
        ],
        ['an attribute key over 256 bytes', { ['k'.repeat(257)]: 'v' }],
        ['an attribute value over 1,024 bytes', { key: 'v'.repeat(1_025) }],
      ] as const
    ).map(([what, attributes]): ContractCase => ({
      name: `refuses ${what}`,
      googleDiffers: 'does not check attributes',
      async run(session) {
        const { topic } = await pair(session);

        await fails(
          session.publisher.publish({ topic, messages: [{ data: Buffer.from('x'), attributes }] }),
          INVALID_ARGUMENT,
        );
      },
    })),
  ];
}
