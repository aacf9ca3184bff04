import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { startPubsubEmulator } from '@pipeline/local-cloud';
import type { OutgoingMessage } from './event-publisher.port.js';
import { PubsubEventPublisher } from './pubsub-event-publisher.js';

const PROJECT = 'local-project';
const SETTINGS = { projectId: PROJECT, topic: 'backend-events-topic', publishTimeoutMs: 5_000 };

type Emulator = Awaited<ReturnType<typeof startPubsubEmulator>>;

let emulator: Emulator;
let client: PubSub;
const publishers: PubsubEventPublisher[] = [];

function createPublisher(changes: Partial<typeof SETTINGS> & { host?: string } = {}): PubsubEventPublisher {
  const { host = `${emulator.host}:${emulator.port}`, ...settings } = changes;
  const publisher = new PubsubEventPublisher({ ...SETTINGS, pubsubEmulatorHost: host, ...settings });
  publishers.push(publisher);
  return publisher;
}

function* createMessages(count: number): Generator<OutgoingMessage, void, undefined> {
  for (let index = 0; index < count; index += 1) {
    yield { data: Buffer.from(`{"index":${index}}`), attributes: { source: 'spec' } };
  }
}

async function receive(count: number): Promise<Map<string, Message>> {
  const received = new Map<string, Message>();
  const subscription = client.subscription('all');
  await new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('message', (message: Message) => {
      message.ack();
      received.set(message.id, message);
      if (received.size === count) {
        resolve();
      }
    });
  });
  await subscription.close();
  return received;
}

beforeAll(async () => {
  emulator = await startPubsubEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  client = new PubSub({
    projectId: PROJECT,
    apiEndpoint: `${emulator.host}:${emulator.port}`,
    emulatorMode: true,
    clientOptions: { universeDomain: 'googleapis.com' },
  });
  await client.createTopic(SETTINGS.topic);
  await client.topic(SETTINGS.topic).createSubscription('all');
});

afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.onApplicationShutdown()));
});

afterAll(async () => {
  await client.close();
  await emulator.stop();
});

describe('PubsubEventPublisher', () => {
  it('gives the ids under which subscribers see the messages, in the order they were given', async () => {
    const outcome = await createPublisher().publish(createMessages(2_500));
    const received = await receive(2_500);

    expect(outcome.failure).toBeNull();
    expect(outcome.messageIds).toHaveLength(2_500);
    expect(outcome.messageIds.map((id) => received.get(id)?.data.toString())).toEqual(
      [...createMessages(2_500)].map((message) => message.data.toString()),
    );
    expect(received.get(outcome.messageIds[0] ?? '')?.attributes).toEqual({ source: 'spec' });
  });

  it('is untouched by the network until something is published', () => {
    const publisher = createPublisher({ host: '127.0.0.1:1' });

    expect(publisher.lastPublish).toBeNull();
  });

  it('says what to create when the topic is not there, and works as soon as it is', async () => {
    const publisher = createPublisher({ topic: 'late-topic' });

    const before = await publisher.publish(createMessages(1));
    await client.createTopic('late-topic');
    const after = await publisher.publish(createMessages(1));

    expect(before).toMatchObject({
      messageIds: [],
      failure: { code: 'TOPIC_NOT_FOUND', disposition: 'setup' },
    });
    expect(after).toMatchObject({ messageIds: [expect.any(String)], failure: null });
    expect(publisher.lastPublish).toEqual({ kind: 'published' });
  });

  it('gives up after the time limit when nothing listens', async () => {
    const publisher = createPublisher({ host: '127.0.0.1:1', publishTimeoutMs: 1_000 });

    const outcome = await publisher.publish(createMessages(1));

    expect(outcome).toMatchObject({
      messageIds: [],
      failure: { code: 'UNAVAILABLE', disposition: 'transient' },
    });
    expect(publisher.lastPublish).toMatchObject({ kind: 'failed' });
  });
});
