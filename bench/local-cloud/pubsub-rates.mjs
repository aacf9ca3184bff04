import { once } from 'node:events';
import { createServer } from 'node:http';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { processorMs } from './processes.mjs';
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
 * One round on a Pub/Sub at `port`, the process `pid`: messages per second (`rate`) and the server's processor time per
 * message in microseconds (`cpuUs`, null if the system does not report it). Messages of about 450 bytes are published in requests of 100 (eight at
 * a time, two subscriptions attached), pulled and acknowledged by requests of up to 1,000, pulled by the official
 * client's stream, pushed to an endpoint in this process. The official client in every case.
 */
export async function beginPubsubRound({ port, pid }) {
  const pubsub = new PubSub({ projectId: 'bench', apiEndpoint: `127.0.0.1:${port}`, emulatorMode: true });
  const publisher = new v1.PublisherClient(await pubsub.getClientConfig());
  const subscriber = new v1.SubscriberClient(await pubsub.getClientConfig());
  const topic = `projects/bench/topics/bench-${topics++}`;
  await publisher.createTopic({ name: topic });
  const byRequest = await subscribe(subscriber, topic, 'by-request');
  const byStream = await subscribe(subscriber, topic, 'by-stream');
  const measure = async (count, work) => {
    const before = processorMs(pid);
    const rate = await ratePerSecond(count, work);
    return { rate, cpuUs: before === null ? null : ((processorMs(pid) - before) * 1000) / count };
  };
  return {
    publish: () => measure(MESSAGES, () => publishAll(publisher, topic, MESSAGES)),
    pull: () => measure(MESSAGES, () => pullAll(subscriber, byRequest)),
    stream: () => measure(MESSAGES, () => streamAll(pubsub, byStream)),
    push: async () => {
      await subscriber.deleteSubscription({ subscription: byRequest });
      await subscriber.deleteSubscription({ subscription: byStream });
      return await withPushEndpoint(subscriber, topic, (received) =>
        measure(PUSHED_MESSAGES, async () => {
          await publishAll(publisher, topic, PUSHED_MESSAGES);
          await received;
        }),
      );
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
  const all = Promise.withResolvers();
  subscription.on('error', all.reject);
  subscription.on('message', (message) => {
    message.ack();
    if (seen.add(message.id).size === MESSAGES) all.resolve();
  });
  try {
    await withPatience('streamed', all.promise);
  } finally {
    await subscription.close();
  }
}

/** Push to a server of this process while `work` runs; it is given a promise of all messages. */
async function withPushEndpoint(subscriber, topic, work) {
  const seen = new Set();
  const all = Promise.withResolvers();
  const endpoint = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(204).end();
    seen.add(JSON.parse(Buffer.concat(chunks)).message.messageId);
    if (seen.size === PUSHED_MESSAGES) all.resolve();
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const pushEndpoint = `http://127.0.0.1:${endpoint.address().port}/`;
  const subscription = await subscribe(subscriber, topic, 'push', { pushConfig: { pushEndpoint } });
  try {
    return await work(withPatience('pushed', all.promise));
  } finally {
    await subscriber.deleteSubscription({ subscription });
    endpoint.closeAllConnections();
    endpoint.close();
  }
}

async function withPatience(what, promise) {
  const { promise: impatient, reject } = Promise.withResolvers();
  const patience = setTimeout(() => reject(new Error(`not all messages were ${what}`)), PATIENCE_MS);
  try {
    await Promise.race([promise, impatient]);
  } finally {
    clearTimeout(patience);
  }
}
