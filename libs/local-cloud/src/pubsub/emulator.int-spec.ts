import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { until } from './contract/pubsub-session.builder.js';
import {
  closeAll,
  atEnd,
  createPair,
  start,
  SUBSCRIPTION,
  TOPIC,
} from './contract/started-emulator.builder.js';
import { startPubsubEmulator } from './index.js';

afterEach(closeAll);

describe('Pub/Sub emulator at size', () => {
  it('moves 100,000 messages through one subscription and loses none', async () => {
    const { session } = await start();
    await createPair(session);
    const count = 100_000;
    const topic = session.pubsub.topic('events', { batching: { maxMessages: 1_000, maxMilliseconds: 5 } });
    const subscription = session.pubsub.subscription('events-sub');
    const seen = new Set<string>();
    subscription.on('message', (message: Message) => {
      seen.add(message.id);
      message.ack();
    });

    const ids = new Set<string>();
    for (let sent = 0; sent < count; sent += 10_000) {
      const batch = Array.from({ length: 10_000 }, (_, index) =>
        topic.publishMessage({ data: Buffer.from(`m${sent + index}`) }),
      );
      for (const id of await Promise.all(batch)) ids.add(id);
    }

    await until(
      () => seen.size,
      (size) => size === count,
      90_000,
    );
    await subscription.close();
    expect(seen).toEqual(ids);
  }, 120_000);
});

describe('Pub/Sub emulator and what it does not have', () => {
  it.each([
    ['a topic schema', { schemaSettings: { schema: 'projects/p/schemas/s' } }],
    ['message transforms', { messageTransforms: [{ javascriptUdf: { functionName: 'f', code: '' } }] }],
    ['ingestion', { ingestionDataSourceSettings: { awsKinesis: {} } }],
    ['tags', { tags: { '1/e': 'p' } }],
  ])('refuses a topic with %s as unimplemented', async (_, config) => {
    const { session } = await start();

    expect(await session.rest('PUT', TOPIC, config)).toMatchObject({
      status: 501,
      body: { error: { code: 501, status: 'UNIMPLEMENTED' } },
    });
  });

  it.each([
    ['BigQuery without a BigQuery', { bigqueryConfig: { table: 'p.d.t' } }, 501],
    ['Cloud Storage without one', { cloudStorageConfig: { bucket: 'b' } }, 501],
    ['Bigtable', { bigtableConfig: { table: 't' } }, 501],
    ['two destinations', { bigqueryConfig: { table: 'p.d.t' }, cloudStorageConfig: { bucket: 'b' } }, 400],
    ['a push endpoint that is no URL', { pushConfig: { pushEndpoint: 'nowhere' } }, 400],
    [
      'too few delivery attempts',
      { deadLetterPolicy: { deadLetterTopic: TOPIC, maxDeliveryAttempts: 4 } },
      400,
    ],
    ['a back-off over 600 s', { retryPolicy: { maximumBackoff: '601s' } }, 400],
    ['a label in capitals', { labels: { Team: 'a' } }, 400],
  ])('refuses a subscription with %s', async (_, config, status) => {
    const { session } = await start();
    await session.rest('PUT', TOPIC, {});

    expect((await session.rest('PUT', SUBSCRIPTION, { topic: TOPIC, ...config })).status).toBe(status);
  });

  it('refuses unknown methods and paths', async () => {
    const { session, port } = await start();

    expect((await session.rest('POST', `${TOPIC}:getIamPolicy`, {})).status).toBe(501);
    expect((await fetch(`http://127.0.0.1:${port}/elsewhere`)).status).toBe(404);
    await expect(session.pubsub.createSchema('s', 'AVRO', '{}')).rejects.toMatchObject({ code: 12 });
  });

  it.each(['//', '/v1/%', '/v1/projects/p/topics/%zz', '*'])(
    'answers an odd request target %p',
    async (target) => {
      const { port } = await start();
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));

      socket.write(`GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`);

      await until(
        () => text,
        (seen) => /^HTTP\/1.1 (400|404|501)/.test(seen),
      );
      socket.destroy();
    },
  );

  it('says who holds the port', async () => {
    const { port } = await start();

    await expect(
      startPubsubEmulator({ host: '127.0.0.1', port, log: () => undefined }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('Pub/Sub emulator on one port', () => {
  it('waits for slow first bytes and keeps an HTTP/1 connection alive', async () => {
    const { port } = await start();
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    const request = 'GET /v1/projects/p/topics HTTP/1.1\r\nhost: localhost\r\n\r\n';

    socket.write(request.slice(0, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write(request.slice(1));
    await until(
      () => text.split('HTTP/1.1 200').length - 1,
      (answers) => answers === 1,
    );
    socket.write(request);
    await until(
      () => text.split('HTTP/1.1 200').length - 1,
      (answers) => answers === 2,
    );
    socket.destroy();
  });

  it('reads gzipped requests, as Java clients send them', async () => {
    const { session, port } = await start();
    await session.rest('PUT', TOPIC, {});
    const body = gzipSync(JSON.stringify({ messages: [{ data: 'eA==' }] }));

    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`http://127.0.0.1:${port}/v1/${TOPIC}:publish`, {
      method: 'POST',
      headers,
      body,
    });

    expect(response.status).toBe(200);
  });

  it.each([
    ['no JSON', '{', {}],
    ['a JSON that is no object', '[]', {}],
    ['a body that is no gzip', 'x', { 'content-encoding': 'gzip' }],
    ['data that is no base64', '{"messages":[{"data":"*"}]}', {}],
    ['more than 24 MiB', `{"messages":[{"data":"${'A'.repeat(25 * 1024 * 1024)}"}]}`, {}],
  ])('refuses %s', async (_, body, headers: Record<string, string>) => {
    const { session, port } = await start();
    await session.rest('PUT', TOPIC, {});

    const response = await fetch(`http://127.0.0.1:${port}/v1/${TOPIC}:publish`, {
      method: 'POST',
      headers,
      body,
    });

    expect(response.status).toBe(400);
  });

  it('writes one line per request to the log', async () => {
    const lines: string[] = [];
    const { session } = await start({
      log: ({ service, method, resource, status }) =>
        lines.push(`${service} ${method} ${resource} ${status}`),
    });

    await session.rest('PUT', TOPIC, {});
    await session.publisher.publish({ topic: TOPIC, messages: [{ data: Buffer.from('x') }] });

    await until(
      () => lines,
      ({ length }) => length === 2,
    );
    expect(lines).toEqual([`pubsub CreateTopic /v1/${TOPIC} 200`, `pubsub Publish ${TOPIC} OK`]);
  });
});

describe('Pub/Sub emulator and clients without settings', () => {
  it('serves a client that only knows PUBSUB_EMULATOR_HOST', async () => {
    const { port } = await start();
    process.env['PUBSUB_EMULATOR_HOST'] = `127.0.0.1:${port}`;
    const pubsub = new PubSub({ projectId: 'another' });
    atEnd(() => pubsub.close());

    const [topic] = await pubsub.createTopic('plain');

    expect(topic.name).toBe('projects/another/topics/plain');
  });
});
