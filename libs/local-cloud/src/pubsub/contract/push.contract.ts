import { expect } from '@jest/globals';
import { pair, publish, type ContractCase } from './contract-case.builder.js';
import { startEndpoint, until } from './pubsub-session.builder.js';

interface PushedBody {
  readonly message: {
    readonly data: string;
    readonly attributes: object;
    readonly messageId: string;
    readonly message_id: string;
    readonly publishTime: string;
    readonly publish_time: string;
  };
  readonly subscription: string;
}

export function pushCases(): readonly ContractCase[] {
  return [
    {
      name: 'pushes a message wrapped in JSON, with names in both spellings',
      async run(session) {
        const endpoint = await startEndpoint(() => 204);
        const { topic, subscription } = await pair(session, { pushConfig: { pushEndpoint: endpoint.url } });

        await session.publisher.publish({
          topic,
          messages: [{ data: Buffer.from('hi'), attributes: { a: 'b' } }],
        });

        const [request] = await until(
          () => endpoint.requests,
          ({ length }) => length === 1,
        );
        await endpoint.stop();
        const { message, subscription: from } = JSON.parse(request?.body.toString() ?? '') as PushedBody;
        expect(from).toBe(subscription);
        expect(message).toMatchObject({ data: 'aGk=', attributes: { a: 'b' } });
        expect(message.message_id).toBe(message.messageId);
        expect(message.publish_time).toBe(message.publishTime);
      },
    },
    {
      name: 'pushes again until the endpoint acknowledges',
      async run(session) {
        const endpoint = await startEndpoint((_, index) => [500, 404, 200][index] ?? 200);
        const { topic } = await pair(session, {
          pushConfig: { pushEndpoint: endpoint.url },
          retryPolicy: { minimumBackoff: { seconds: 0, nanos: 100_000_000 }, maximumBackoff: { seconds: 1 } },
        });

        await publish(session, topic, ['retry']);

        await until(
          () => endpoint.requests.length,
          (count) => count === 3,
        );
        await endpoint.stop();
      },
    },
    ...[200, 201, 202, 204].map((status): ContractCase => ({
      name: `counts ${status} as an acknowledgement of a push`,
      async run(session) {
        const endpoint = await startEndpoint(() => status);
        const { topic } = await pair(session, {
          pushConfig: { pushEndpoint: endpoint.url },
          retryPolicy: { minimumBackoff: { seconds: 0 }, maximumBackoff: { seconds: 0 } },
        });

        await publish(session, topic, ['first']);
        await until(
          () => endpoint.requests.length,
          (count) => count >= 1,
        );
        await publish(session, topic, ['second']);
        await until(
          () => endpoint.requests.some(({ body }) => body.includes(Buffer.from('second').toString('base64'))),
          (isSeen) => isSeen,
        );
        await endpoint.stop();

        expect(endpoint.requests).toHaveLength(2);
      },
    })),
    {
      name: 'pushes the bare data, with metadata and attributes as headers, when unwrapped',
      async run(session) {
        const endpoint = await startEndpoint(() => 204);
        const { topic, subscription } = await pair(session, {
          pushConfig: { pushEndpoint: endpoint.url, noWrapper: { writeMetadata: true } },
        });

        const messages = [{ data: Buffer.from('bare'), attributes: { colour: 'red' } }];
        const [{ messageIds }] = await session.publisher.publish({ topic, messages });

        const [request] = await until(
          () => endpoint.requests,
          ({ length }) => length === 1,
        );
        await endpoint.stop();
        expect(request?.body.toString()).toBe('bare');
        expect(request?.headers).toMatchObject({
          colour: 'red',
          'x-goog-pubsub-subscription-name': subscription,
          'x-goog-pubsub-message-id': messageIds?.[0],
        });
      },
    },
    {
      name: 'pushes with an OIDC token where the subscription asks for one',
      googleDiffers: 'sends no Authorization header',
      async run(session) {
        const endpoint = await startEndpoint(() => 204);
        const { topic } = await pair(session, {
          pushConfig: {
            pushEndpoint: endpoint.url,
            oidcToken: { serviceAccountEmail: 'push@contract-project.iam.gserviceaccount.com' },
          },
        });

        await publish(session, topic, ['who']);

        const [request] = await until(
          () => endpoint.requests,
          ({ length }) => length === 1,
        );
        await endpoint.stop();
        expect(request?.headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
      },
    },
  ];
}
