import { afterEach, describe, expect, it } from '@jest/globals';
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { PubSub, type Message } from '@google-cloud/pubsub';
import type { TableWriter } from '../ports.js';
import { openSession, startEndpoint, until, type PubsubSession } from './contract/pubsub-session.builder.js';
import { startPubsubEmulator, type PubsubEmulatorOptions } from './index.js';

const closing: (() => Promise<void>)[] = [];

async function start(
  options: Partial<PubsubEmulatorOptions> = {},
): Promise<{ session: PubsubSession; port: number }> {
  const emulator = await startPubsubEmulator({
    host: '127.0.0.1',
    port: 0,
    log: () => undefined,
    ...options,
  });
  const session = openSession(emulator.port);
  closing.push(async () => {
    await session.close();
    await emulator.stop();
  });
  return { session, port: emulator.port };
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const TOPIC = 'projects/contract-project/topics/events';
const SUBSCRIPTION = 'projects/contract-project/subscriptions/events-sub';

async function createPair(session: PubsubSession, config: object = {}): Promise<void> {
  expect((await session.rest('PUT', TOPIC, {})).status).toBe(200);
  expect(await session.rest('PUT', SUBSCRIPTION, { topic: TOPIC, ...config })).toMatchObject({ status: 200 });
}

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

      socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`);

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
    const request = 'GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\r\n';

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

describe('Pub/Sub emulator and push', () => {
  it('signs push tokens with the key that it serves', async () => {
    const { session, port } = await start();
    const endpoint = await startEndpoint(() => 204);
    closing.push(() => endpoint.stop());
    const oidcToken = {
      serviceAccountEmail: 'push@p.iam.gserviceaccount.com',
      audience: 'https://service.example',
    };
    await createPair(session, { pushConfig: { pushEndpoint: endpoint.url, oidcToken } });

    await session.rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] });

    const [request] = await until(
      () => endpoint.requests,
      ({ length }) => length === 1,
    );
    const token = (request?.headers.authorization ?? '').replace('Bearer ', '');
    const [header = '', claims = '', signature = ''] = token.split('.');
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    const certs = await (await fetch(`http://127.0.0.1:${port}/oauth2/v3/certs`)).json();
    const { keys } = certs as { keys: readonly (JsonWebKey & { kid: string })[] };
    const [key] = keys;
    expect(decode(header)).toMatchObject({ alg: 'RS256', kid: key?.kid });
    expect(decode(claims)).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: 'https://service.example',
      email: 'push@p.iam.gserviceaccount.com',
      email_verified: true,
    });
    const publicKey = createPublicKey({ key: key ?? {}, format: 'jwk' });
    expect(
      verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true);
  });

  it('takes the ack deadline as the time limit of a push, and pushes again', async () => {
    const { session } = await start();
    const endpoint = await startEndpoint((_, index) => (index === 0 ? -1 : 204));
    closing.push(() => endpoint.stop());
    await createPair(session, { ackDeadlineSeconds: 10, pushConfig: { pushEndpoint: endpoint.url } });

    await session.rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] });

    await until(
      () => endpoint.requests.length,
      (count) => count === 2,
      14_000,
    );
    const [first, second] = endpoint.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(9_900);
  });

  it('pushes over a connection that the endpoint closed while it was idle', async () => {
    const { session } = await start();
    const statuses = new Map<string, number>();
    const server = createServer({ keepAliveTimeout: 1 }, (request, response) => {
      void buffer(request).then((body) => {
        const { message } = JSON.parse(body.toString()) as { message: { messageId: string } };
        statuses.set(message.messageId, (statuses.get(message.messageId) ?? 0) + 1);
        response.writeHead(204).end(() => setTimeout(() => request.socket.resetAndDestroy(), 2));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    );
    const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const retryPolicy = { minimumBackoff: '600s', maximumBackoff: '600s' };
    await createPair(session, { pushConfig: { pushEndpoint }, retryPolicy });

    for (let round = 1; round <= 30; round += 1) {
      await session.rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] });
      await until(
        () => statuses.size,
        (size) => size === round,
      );
    }
  });

  it('pushes 2,000 messages and delivers the failed ones again', async () => {
    const { session } = await start();
    const acknowledged = new Set<string>();
    const endpoint = await startEndpoint(({ body }, index) => {
      const isFailing = index % 7 === 0;
      const push = JSON.parse(body.toString()) as { message: { messageId: string } };
      if (!isFailing) acknowledged.add(push.message.messageId);
      return isFailing ? 503 : 204;
    });
    closing.push(() => endpoint.stop());
    const retryPolicy = { minimumBackoff: '0.01s', maximumBackoff: '0.05s' };
    await createPair(session, { pushConfig: { pushEndpoint: endpoint.url }, retryPolicy });
    const messages = Array.from({ length: 1_000 }, (_, index) => ({ data: btoa(String(index)) }));

    await session.rest('POST', `${TOPIC}:publish`, { messages });
    await session.rest('POST', `${TOPIC}:publish`, { messages });

    await until(
      () => acknowledged.size,
      (size) => size === 2_000,
      20_000,
    );
  });
});

describe('Pub/Sub emulator and BigQuery subscriptions', () => {
  interface Table extends TableWriter {
    readonly rows: Readonly<Record<string, unknown>>[];
    readonly sizes: number[];
  }

  function tableOf(
    dataType: string,
    accepts: (rows: readonly Readonly<Record<string, unknown>>[]) => boolean,
  ): Table {
    const rows: Readonly<Record<string, unknown>>[] = [];
    const sizes: number[] = [];
    return {
      rows,
      sizes,
      describeTable: () => Promise.resolve({ kind: 'table', columns: [{ name: 'data', type: dataType }] }),
      writeRows(_, given) {
        if (!accepts(given)) return Promise.resolve({ kind: 'failed', reason: 'invalid' });
        rows.push(...given);
        sizes.push(given.length);
        return Promise.resolve({ kind: 'written' });
      },
    };
  }

  const config = { bigqueryConfig: { table: 'p.d.t', writeMetadata: true } };

  it.each([
    ['BYTES', 'eyJhIjoxfQ=='],
    ['STRING', '{"a":1}'],
    ['JSON', '{"a":1}'],
  ])('writes metadata and the data of a %s column', async (type, data) => {
    const table = tableOf(type, () => true);
    const { session } = await start({ tables: table });
    await createPair(session, config);

    const messages = [{ data: btoa('{"a":1}'), attributes: { k: 'v' }, orderingKey: 'o' }];
    const { body } = await session.rest('POST', `${TOPIC}:publish`, { messages });

    const [row] = await until(
      () => table.rows,
      ({ length }) => length === 1,
    );
    expect(row).toEqual({
      subscription_name: SUBSCRIPTION,
      message_id: body.messageIds?.[0],
      publish_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      attributes: '{"k":"v","orderingKey":"o"}',
      data,
    });
  });

  it('writes many messages in few writes', async () => {
    const table = tableOf('BYTES', () => true);
    const { session } = await start({ tables: table });
    await createPair(session, config);
    const messages = Array.from({ length: 1_000 }, () => ({ data: 'eA==' }));

    await session.rest('POST', `${TOPIC}:publish`, { messages });

    await until(
      () => table.rows.length,
      (count) => count === 1_000,
    );
    expect(table.sizes.length).toBeLessThan(10);
  });

  it('writes the others when one message of a batch is refused, and forwards that one as a dead letter', async () => {
    const bad = 'YmFk';
    const table = tableOf('BYTES', (rows) => rows.every(({ data }) => data !== bad));
    const { session } = await start({ tables: table });
    const deadTopic = `${TOPIC}-dead`;
    const dead = `${SUBSCRIPTION}-dead`;
    await session.rest('PUT', deadTopic, {});
    await session.rest('PUT', dead, { topic: deadTopic });
    const deadLetterPolicy = { deadLetterTopic: deadTopic, maxDeliveryAttempts: 5 };
    const retryPolicy = { minimumBackoff: '0s', maximumBackoff: '0s' };
    await createPair(session, { ...config, deadLetterPolicy, retryPolicy });

    await session.rest('POST', `${TOPIC}:publish`, {
      messages: [{ data: 'eA==' }, { data: bad }, { data: 'eQ==' }],
    });

    const letter = await session.rest('POST', `${dead}:pull`, { maxMessages: 1 });
    expect(letter.body.receivedMessages?.[0]?.message.data).toBe(bad);
    expect(table.rows.map(({ data }) => data).sort()).toEqual(['eA==', 'eQ==']);
  });

  it('keeps the messages until the table is there', async () => {
    const table = tableOf('BYTES', () => true);
    let isThere = false;
    const tables: TableWriter = {
      writeRows: (address, rows) => table.writeRows(address, rows),
      describeTable: (address) =>
        isThere ? table.describeTable(address) : Promise.resolve({ kind: 'missing' }),
    };
    const { session } = await start({ tables });
    await createPair(session, config);
    await session.rest('POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] });

    expect(table.rows).toEqual([]);
    isThere = true;

    await until(
      () => table.rows.length,
      (count) => count === 1,
    );
  });
});

describe('Pub/Sub emulator and clients without settings', () => {
  it('serves a client that only knows PUBSUB_EMULATOR_HOST', async () => {
    const { port } = await start();
    process.env['PUBSUB_EMULATOR_HOST'] = `127.0.0.1:${port}`;
    const pubsub = new PubSub({ projectId: 'another' });
    closing.unshift(() => pubsub.close());

    const [topic] = await pubsub.createTopic('plain');

    expect(topic.name).toBe('projects/another/topics/plain');
  });
});
