import { expect } from '@jest/globals';
import type { Message } from '@google-cloud/pubsub';
import { startEndpoint, until, type PubsubSession } from './testing/pubsub-session.js';

/** One fact about Pub/Sub, told through the official clients or plain REST. */
export interface ContractCase {
  readonly name: string;
  /** Why Google's own emulator does not pass it; the case then runs as a known failure there. */
  readonly googleDiffers?: string;
  readonly run: (session: PubsubSession) => Promise<void>;
}

const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;

type SubscriptionOptions = Parameters<PubsubSession['subscriber']['createSubscription']>[0];

/** A topic with one subscription. */
async function pair(
  session: PubsubSession,
  options: Partial<SubscriptionOptions> = {},
): Promise<{ topic: string; subscription: string; topicId: string; subscriptionId: string }> {
  const topicId = session.id('topic');
  const subscriptionId = session.id('sub');
  const topic = session.path('topics', topicId);
  const subscription = session.path('subscriptions', subscriptionId);
  await session.publisher.createTopic({ name: topic });
  await session.subscriber.createSubscription({ name: subscription, topic, ...options });
  return { topic, subscription, topicId, subscriptionId };
}

async function publish(session: PubsubSession, topic: string, texts: readonly string[]): Promise<string[]> {
  const messages = texts.map((text) => ({ data: Buffer.from(text) }));
  const [{ messageIds }] = await session.publisher.publish({ topic, messages });
  return messageIds ?? [];
}

interface Pulled {
  readonly ackId: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attempt: number;
}

async function pullOnce(session: PubsubSession, subscription: string, maxMessages = 100): Promise<Pulled[]> {
  const [{ receivedMessages }] = await session.subscriber.pull({
    subscription,
    maxMessages,
    returnImmediately: true,
  });
  return (receivedMessages ?? []).map(({ ackId, message, deliveryAttempt }) => ({
    ackId: ackId ?? '',
    text: Buffer.from(message?.data ?? '').toString(),
    attributes: message?.attributes ?? {},
    attempt: deliveryAttempt ?? 0,
  }));
}

/** Pull until as many have come. */
async function pullAll(session: PubsubSession, subscription: string, count: number): Promise<Pulled[]> {
  const all: Pulled[] = [];
  await until(
    async () => all.push(...(await pullOnce(session, subscription, count - all.length))),
    (length) => length >= count,
  );
  return all;
}

const nack = (session: PubsubSession, subscription: string, pulled: readonly Pulled[]): Promise<unknown> =>
  session.subscriber.modifyAckDeadline({
    subscription,
    ackIds: pulled.map(({ ackId }) => ackId),
    ackDeadlineSeconds: 0,
  });

const acknowledge = (
  session: PubsubSession,
  subscription: string,
  pulled: readonly Pulled[],
): Promise<unknown> =>
  session.subscriber.acknowledge({ subscription, ackIds: pulled.map(({ ackId }) => ackId) });

const fails = (promise: Promise<unknown>, code: number): Promise<void> =>
  expect(promise).rejects.toMatchObject({ code });

const RESOURCES: readonly ContractCase[] = [
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
      const names = ['page-a', 'page-b', 'page-c'].map((id) => session.path('subscriptions', session.id(id)));
      for (const name of names) await session.subscriber.createSubscription({ name, topic });

      const seen: string[] = [];
      for await (const name of session.publisher.listTopicSubscriptionsAsync({ topic, pageSize: 2 })) {
        seen.push(name as unknown as string);
      }

      expect(seen).toHaveLength(4);
      expect(seen).toEqual(expect.arrayContaining(names));
    },
  },
];

const PUBLISHING: readonly ContractCase[] = [
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
    async run(session) {
      const { topic } = await pair(session);

      await fails(
        session.publisher.publish({ topic, messages: [{ data: Buffer.from('x'), attributes }] }),
        INVALID_ARGUMENT,
      );
    },
  })),
];

const PULLING: readonly ContractCase[] = [
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

const STREAMING: readonly ContractCase[] = [
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

const POLICIES: readonly ContractCase[] = [
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

      const [letter] = await pullAll(session, dead.subscription, 1);
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

      await session.subscriber.seek({ subscription, time: { seconds: Math.floor(Date.now() / 1_000) - 60 } });

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
    name: 'tells an exactly-once subscriber which acknowledgements came too late',
    async run(session) {
      const { topic, subscription } = await pair(session, { enableExactlyOnceDelivery: true });
      await publish(session, topic, ['late']);
      const pulled = await pullAll(session, subscription, 1);
      await nack(session, subscription, pulled);

      await fails(acknowledge(session, subscription, pulled), FAILED_PRECONDITION);
    },
  },
];

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

const PUSH: readonly ContractCase[] = [
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

const REST: readonly ContractCase[] = [
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
      expect(received?.message).toMatchObject({ ...messages[0], messageId: published.body.messageIds?.[0] });
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
      expect(twice).toMatchObject({ status: 409, body: { error: { code: 409, status: 'ALREADY_EXISTS' } } });
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

/** What the pipeline and its users depend on; run against this emulator and Google's. */
export const PUBSUB_CONTRACT: readonly (readonly [string, readonly ContractCase[]])[] = [
  ['resources', RESOURCES],
  ['publishing', PUBLISHING],
  ['pulling', PULLING],
  ['streaming', STREAMING],
  ['policies', POLICIES],
  ['push', PUSH],
  ['REST', REST],
];
