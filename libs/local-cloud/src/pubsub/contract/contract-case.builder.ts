import { expect } from '@jest/globals';
import { until, type PubsubSession } from './pubsub-session.builder.js';

/** One fact about Pub/Sub, checked through the official clients or plain REST. */
export interface ContractCase {
  readonly name: string;
  /** The reason that Google's own emulator does not pass it; the case then runs as a known failure there. */
  readonly googleDiffers?: string;
  readonly run: (session: PubsubSession) => Promise<void>;
}

export const INVALID_ARGUMENT = 3;
export const NOT_FOUND = 5;
export const ALREADY_EXISTS = 6;
export const FAILED_PRECONDITION = 9;

type SubscriptionOptions = Parameters<PubsubSession['subscriber']['createSubscription']>[0];

/** A topic with one subscription. */
export async function pair(
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

export async function publish(
  session: PubsubSession,
  topic: string,
  texts: readonly string[],
): Promise<string[]> {
  const messages = texts.map((text) => ({ data: Buffer.from(text) }));
  const [{ messageIds }] = await session.publisher.publish({ topic, messages });
  return messageIds ?? [];
}

export interface Pulled {
  readonly ackId: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attempt: number;
}

export async function pullOnce(
  session: PubsubSession,
  subscription: string,
  maxMessages = 100,
): Promise<Pulled[]> {
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
export async function pullAll(
  session: PubsubSession,
  subscription: string,
  count: number,
): Promise<Pulled[]> {
  const all: Pulled[] = [];
  await until(
    async () => all.push(...(await pullOnce(session, subscription, count - all.length))),
    (length) => length >= count,
  );
  return all;
}

/** Give messages back. */
export async function nack(
  session: PubsubSession,
  subscription: string,
  pulled: readonly Pulled[],
): Promise<void> {
  const ackIds = pulled.map(({ ackId }) => ackId);
  await session.subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
}

export async function acknowledge(
  session: PubsubSession,
  subscription: string,
  pulled: readonly Pulled[],
): Promise<void> {
  await session.subscriber.acknowledge({ subscription, ackIds: pulled.map(({ ackId }) => ackId) });
}

/** The call fails with this gRPC code. */
export async function fails(promise: Promise<unknown>, code: number): Promise<void> {
  await expect(promise).rejects.toMatchObject({ code });
}
