import { expect } from '@jest/globals';
import { pair, type ContractCase } from './contract-case.builder.js';

export function restCases(): readonly ContractCase[] {
  return [
    {
      name: 'publishes, pulls, extends and acknowledges over REST, data in base64',
      async run(session) {
        const { topic, subscription } = await pair(session);
        const messages = [{ data: Buffer.from('rest').toString('base64'), attributes: { via: 'http' } }];

        const published = await session.rest('POST', `${topic}:publish`, { messages });
        const pulled = await session.rest('POST', `${subscription}:pull`, {
          maxMessages: 10,
          returnImmediately: false,
        });

        const [received] = pulled.body.receivedMessages ?? [];
        expect(published.status).toBe(200);
        expect(received?.message).toMatchObject({
          ...messages[0],
          messageId: published.body.messageIds?.[0],
        });
        const ackIds = [received?.ackId ?? ''];
        const extended = await session.rest('POST', `${subscription}:modifyAckDeadline`, {
          ackIds,
          ackDeadlineSeconds: 60,
        });
        expect(extended).toEqual({ status: 200, body: {} });
        expect(await session.rest('POST', `${subscription}:acknowledge`, { ackIds })).toEqual({
          status: 200,
          body: {},
        });
      },
    },
    {
      name: 'creates and deletes over REST',
      async run(session) {
        const topic = session.path('topics', session.id('topic'));
        const subscription = session.path('subscriptions', session.id('sub'));

        expect((await session.rest('PUT', topic, {})).body.name).toBe(topic);
        expect((await session.rest('PUT', subscription, { topic })).body).toMatchObject({
          name: subscription,
          topic,
        });
        expect((await session.rest('DELETE', subscription)).status).toBe(200);
        expect((await session.rest('DELETE', topic)).status).toBe(200);
      },
    },
    {
      name: 'answers errors over REST in the shape of Google',
      async run(session) {
        const { topic } = await pair(session);
        const missing = await session.rest('GET', session.path('topics', 'no-such-topic'));
        const twice = await session.rest('PUT', topic, {});
        const wrong = await session.rest('PUT', session.path('topics', 'ab'), {});

        expect(missing).toMatchObject({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } });
        expect(twice).toMatchObject({
          status: 409,
          body: { error: { code: 409, status: 'ALREADY_EXISTS' } },
        });
        expect(wrong).toMatchObject({
          status: 400,
          body: { error: { code: 400, status: 'INVALID_ARGUMENT' } },
        });
      },
    },
    {
      name: 'refuses unknown fields over REST',
      async run(session) {
        const topic = session.path('topics', session.id('topic'));

        expect((await session.rest('PUT', topic, { colour: 'red' })).status).toBe(400);
      },
    },
  ];
}
