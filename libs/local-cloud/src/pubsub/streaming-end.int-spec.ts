import { v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubEmulator } from './index.js';

const SUBSCRIPTION = 'projects/p/subscriptions/streamed';

describe('a streaming pull', () => {
  let pubsub: Awaited<ReturnType<typeof startPubsubEmulator>>;
  let client: v1.SubscriberClient;

  beforeAll(async () => {
    pubsub = await startPubsubEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    client = new v1.SubscriberClient({
      servicePath: '127.0.0.1',
      port: pubsub.port,
      sslCreds: credentials.createInsecure(),
    });
    const rest = (method: string, path: string, body?: object): Promise<Response> =>
      fetch(`http://127.0.0.1:${pubsub.port}/v1/${path}`, { method, body: JSON.stringify(body) });
    await rest('PUT', 'projects/p/topics/topic', {});
    await rest('PUT', SUBSCRIPTION, { topic: 'projects/p/topics/topic' });
  });
  afterAll(async () => {
    await client.close();
    await pubsub.stop();
  });

  /** Opens a stream, does `begun` when it has answered or ended, and returns its error. */
  async function ending(subscription: string, begun: () => Promise<unknown>): Promise<unknown> {
    const stream = client.streamingPull({});
    const ended = new Promise((resolve) => {
      stream.once('error', resolve);
    });
    const answered = new Promise((resolve) => {
      stream.once('data', resolve);
    });
    stream.write({ subscription, streamAckDeadlineSeconds: 10 });
    await Promise.race([answered, ended]);
    await begun();
    return ended;
  }

  it.each([
    ['is missing', 'projects/p/subscriptions/nowhere', 5],
    ['is not named', '', 3],
    ['has a malformed name', 'streamed', 3],
  ])('ends with an error if its subscription %s', async (_name, subscription, code) => {
    expect(await ending(subscription, () => Promise.resolve())).toMatchObject({ code });
  });

  it('ends with NOT_FOUND when its subscription is deleted', async () => {
    const remove = (): Promise<unknown> =>
      fetch(`http://127.0.0.1:${pubsub.port}/v1/${SUBSCRIPTION}`, { method: 'DELETE' });
    expect(await ending(SUBSCRIPTION, remove)).toMatchObject({ code: 5 });
  });
});
