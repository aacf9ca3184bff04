import { afterEach, describe, expect, it } from '@jest/globals';
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startEndpoint, until } from '../contract/pubsub-session.builder.js';
import { closeAll, atEnd, createPair, start, TOPIC } from '../contract/started-emulator.builder.js';

afterEach(closeAll);

describe('PushDispatcher', () => {
  it('signs push tokens with the key that it serves', async () => {
    const { session, port } = await start();
    const endpoint = await startEndpoint(() => 204);
    atEnd(() => endpoint.stop());
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
    atEnd(() => endpoint.stop());
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

  it('does not let an attribute pass for metadata, in any spelling', async () => {
    const { session } = await start();
    const endpoint = await startEndpoint(() => 204);
    atEnd(() => endpoint.stop());
    await createPair(session, {
      pushConfig: { pushEndpoint: endpoint.url, noWrapper: { writeMetadata: true } },
    });
    const attributes = {
      'X-Goog-Pubsub-Message-Id': 'VICTIM',
      'x-GOOG-pubsub-subscription-name': 'projects/p/subscriptions/other',
      'X-Goog-Anything': 'x',
      kept: 'yes',
    };

    const published = await session.rest('POST', `${TOPIC}:publish`, {
      messages: [{ data: 'eA==', attributes }],
    });
    const [request] = await until(
      () => endpoint.requests,
      ({ length }) => length === 1,
    );

    const { messageIds } = published.body as { messageIds: string[] };
    expect(request?.headers).toMatchObject({ 'x-goog-pubsub-message-id': messageIds[0], kept: 'yes' });
    expect(Object.keys(request?.headers ?? {})).not.toContain('x-goog-anything');
    expect(JSON.stringify(request?.headers)).not.toMatch(/VICTIM|other/);
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
    atEnd(
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
    atEnd(() => endpoint.stop());
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
