import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Official clients of one emulator, and plain REST. */
export interface PubsubSession {
  readonly pubsub: PubSub;
  readonly subscriber: v1.SubscriberClient;
  readonly publisher: v1.PublisherClient;
  rest(method: string, path: string, body?: object): Promise<{ status: number; body: RestBody }>;
  /** A new name that no other test uses. */
  id(prefix: string): string;
  path(collection: 'topics' | 'subscriptions' | 'snapshots', id: string): string;
  close(): Promise<void>;
}

/** REST answers, as far as specs look at them. */
export interface RestBody {
  readonly name?: string;
  readonly messageIds?: readonly string[];
  readonly receivedMessages?: readonly {
    readonly ackId: string;
    readonly message: {
      readonly data?: string;
      readonly attributes?: Readonly<Record<string, string>>;
      readonly messageId: string;
      readonly publishTime: string;
    };
  }[];
  readonly error?: { readonly code: number; readonly message: string; readonly status: string };
}

const PROJECT = 'contract-project';

export function openSession(port: number): PubsubSession {
  process.env['PUBSUB_EMULATOR_HOST'] = `127.0.0.1:${port}`;
  const options = {
    projectId: PROJECT,
    servicePath: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
  };
  const pubsub = new PubSub({ projectId: PROJECT });
  const subscriber = new v1.SubscriberClient(options);
  const publisher = new v1.PublisherClient(options);
  let count = 0;
  return {
    pubsub,
    subscriber,
    publisher,
    async rest(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as RestBody };
    },
    id(prefix) {
      count += 1;
      return `${prefix}-${count}`;
    },
    path: (collection, id) => `projects/${PROJECT}/${collection}/${id}`,
    async close() {
      await Promise.all([pubsub.close(), subscriber.close(), publisher.close()]);
    },
  };
}

/** Wait until something holds; rejects after `limitMs` with what was seen last. */
export async function until<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  limitMs = 8_000,
): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > endMs) throw new Error(`Still not so after ${limitMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One request that an endpoint got. */
export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly atMs: number;
}

export interface Endpoint {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/** A real HTTP server that keeps what it gets; `statusOf` says what it answers, -1 meaning never. */
export async function startEndpoint(
  statusOf: (request: ReceivedRequest, index: number) => number,
): Promise<Endpoint> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const received = { url: request.url ?? '', headers: request.headers, body, atMs: Date.now() };
      requests.push(received);
      const status = statusOf(received, requests.length - 1);
      if (status < 0) return;
      response.writeHead(status);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
