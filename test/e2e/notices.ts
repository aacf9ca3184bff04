import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { PubSub, type Subscription } from '@google-cloud/pubsub';
import type { Notice } from '@pipeline/books';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import type { Pipeline } from './pipeline.js';

const { projectId, noticesTopic } = DEFAULT_PIPELINE_NAMES;

/** A consumer of the topic of notices: every message in the order of its arrival, copies included. */
export class NoticeReader {
  readonly #received: Notice[] = [];

  private constructor(
    private readonly client: PubSub,
    private readonly subscription: Subscription,
  ) {
    subscription.on('message', (message) => {
      this.#received.push(JSON.parse(message.data.toString()) as Notice);
      message.ack();
    });
  }

  static async start(pipeline: Pipeline): Promise<NoticeReader> {
    const apiEndpoint = `127.0.0.1:${pipeline.cloud.ports.pubsub}`;
    const client = new PubSub({ projectId, apiEndpoint, emulatorMode: true });
    const [subscription] = await client.topic(noticesTopic).createSubscription('notices-of-the-suite');
    return new NoticeReader(client, subscription);
  }

  /** Notices of one table. */
  about(table: string): readonly Notice[] {
    return this.#received.filter(({ subject }) => subject === table);
  }

  async stop(): Promise<void> {
    await this.subscription.close();
    await this.client.close();
  }
}

/** The local BigQuery for a service that must never mark a notice as published: the request is held for ever. */
export class MarkHolder {
  readonly #server: Server;
  /** Resolves when the service asks to mark a notice: Pub/Sub has it then. */
  readonly held: Promise<void>;

  private constructor(target: string) {
    let hold = (): void => undefined;
    this.held = new Promise((resolve) => (hold = resolve));
    this.#server = createServer((request, response) => {
      void buffer(request).then(async (body) => {
        if (body.includes('_notices') && body.includes("'published', @type0")) {
          hold();
          return;
        }
        const answer = await forward(target, request, body);
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  }

  static async start(target: string): Promise<MarkHolder> {
    const holder = new MarkHolder(target);
    holder.#server.listen(0, '127.0.0.1');
    await once(holder.#server, 'listening');
    return holder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function forward(
  target: string,
  { url = '/', method = 'GET' }: IncomingMessage,
  body: Buffer,
): Promise<Response> {
  return fetch(new URL(url, target), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body.byteLength === 0 ? {} : { body: new Uint8Array(body) }),
  });
}
