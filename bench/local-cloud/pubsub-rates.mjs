import { once } from 'node:events';
import { createServer } from 'node:http';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { inParallel, ratePerSecond } from './rounds.mjs';

const MESSAGES = 10_000;
const PUSHED_MESSAGES = 2_000;
const BATCH = 100;
const WIDTH = 8;
const PATIENCE_MS = 120_000;
const EVENT = { order_id: 'o-1', total: 12.5, items: [{ sku: 'a', text: 'x'.repeat(400) }] };
const DATA = Buffer.from(JSON.stringify(EVENT));

// The client would look for a metadata server of Google's machines before its first request.
process.env['METADATA_SERVER_DETECTION'] ??= 'none';

let topics = 0;

export const PUBSUB_PHASES = ['publish', 'pull', 'stream', 'push'];

/**
 * One round on a Pub/Sub at `port`, in messages per second, each about 450 bytes: published in requests of 100 (eight at
 * a time, two subscriptions attached), pulled and acknowledged by requests of up to 1,000, pulled by the official
 * client's stream, pushed to an endpoint in this process. The official client in every case.
 */
export async function beginPubsubRound({ port }) {
  const pubsub = new PubSub({ projectId: 'bench', apiEndpoint: `127.0.0.1:${port}`, emulatorMode: true });
  const publisher = new v1.PublisherClient(await pubsub.getClientConfig());
  const subscriber = new v1.SubscriberClient(await pubsub.getClientConfig());
  const topic = `projects/bench/topics/bench-${topics++}`;
  await publisher.createTopic({ name: topic });
  const byRequest = await subscribe(subscriber, topic, 'by-request');
  const byStream = await subscribe(subscriber, topic, 'by-stream');
  return {
    publish: () => ratePerSecond(MESSAGES, () => publishAll(publisher, topic, MESSAGES)),
    pull: () => ratePerSecond(MESSAGES, () => pullAll(subscriber, byRequest)),
    stream: () => ratePerSecond(MESSAGES, () => streamAll(pubsub, byStream)),
    push: async () => {
      await subscriber.deleteSubscription({ subscription: byRequest });
      await subscriber.deleteSubscription({ subscription: byStream });
      return measurePush(publisher, subscriber, topic);
    },
    end: async () => {
      await publisher.deleteTopic({ topic });
      await publisher.close();
      await subscriber.close();
      await pubsub.close();
    },
  };
}

async function subscribe(subscriber, topic, name, settings = {}) {
  const subscription = `projects/bench/subscriptions/${topic.split('/').at(-1)}-${name}`;
  await subscriber.createSubscription({ name: subscription, topic, ackDeadlineSeconds: 60, ...settings });
  return subscription;
}

async function publishAll(publisher, topic, count) {
  const messages = Array.from({ length: BATCH }, () => ({ data: DATA, attributes: { event_type: 'order' } }));
  await inParallel(count / BATCH, WIDTH, () => publisher.publish({ topic, messages }));
}

async function pullAll(subscriber, subscription) {
  const seen = new Set();
  const deadline = performance.now() + PATIENCE_MS;
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      while (seen.size < MESSAGES) {
        if (performance.now() > deadline) throw new Error(`only ${seen.size} messages were pulled`);
        // Without waiting: a lane that finds nothing must not hold up the end of the round.
        const [{ receivedMessages = [] }] = await subscriber.pull({
          subscription,
          maxMessages: 1000,
          returnImmediately: true,
        });
        if (receivedMessages.length === 0) continue;
        for (const { message } of receivedMessages) seen.add(message.messageId);
        await subscriber.acknowledge({ subscription, ackIds: receivedMessages.map(({ ackId }) => ackId) });
      }
    }),
  );
}

async function streamAll(pubsub, name) {
  const subscription = pubsub.subscription(name, { flowControl: { maxMessages: 5_000 } });
  const seen = new Set();
  try {
    await withPatience('streamed', (resolve, reject) => {
      subscription.on('error', reject);
      subscription.on('message', (message) => {
        message.ack();
        if (seen.add(message.id).size === MESSAGES) resolve();
      });
    });
  } finally {
    await subscription.close();
  }
}

async function measurePush(publisher, subscriber, topic) {
  const seen = new Set();
  let finish = () => undefined;
  const endpoint = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(204).end();
    seen.add(JSON.parse(Buffer.concat(chunks)).message.messageId);
    if (seen.size === PUSHED_MESSAGES) finish();
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const pushEndpoint = `http://127.0.0.1:${endpoint.address().port}/`;
  const subscription = await subscribe(subscriber, topic, 'push', { pushConfig: { pushEndpoint } });
  try {
    return await ratePerSecond(PUSHED_MESSAGES, () =>
      withPatience('pushed', (resolve, reject) => {
        finish = resolve;
        publishAll(publisher, topic, PUSHED_MESSAGES).catch(reject);
      }),
    );
  } finally {
    await subscriber.deleteSubscription({ subscription });
    endpoint.closeAllConnections();
    endpoint.close();
  }
}

async function withPatience(what, start) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const patience = setTimeout(() => reject(new Error(`not all messages were ${what}`)), PATIENCE_MS);
  try {
    start(resolve, reject);
    await promise;
  } finally {
    clearTimeout(patience);
  }
}
