import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Disturbance } from './fault-plan.js';

const HOST = '127.0.0.1';
/** The response of Google's front end when no replica answers. */
const NO_REPLICA = 502;

interface Trouble {
  readonly kind: Disturbance;
  readonly milliseconds: number;
  left: number;
}

/**
 * Gives each delivery to the next replica, as Cloud Run does with instances, and disturbs deliveries on request.
 *
 * What it disturbs is what networks do between two parties that both work: see {@link Disturbance}.
 */
export class Balancer {
  /** Requests per replica. */
  readonly requestCounts: number[];
  /** Disturbed deliveries by kind. */
  readonly disturbed: Record<Disturbance, number> = { 'answer-lost': 0, cut: 0, late: 0, again: 0 };
  readonly #agent = new Agent({ keepAlive: true });
  readonly #troubles: Trouble[] = [];
  #next = 0;
  #underWay = 0;
  #lastAtMs = performance.now();

  private constructor(
    private readonly server: Server,
    private readonly ports: readonly number[],
  ) {
    this.requestCounts = ports.map(() => 0);
  }

  static async start(ports: readonly number[]): Promise<Balancer> {
    const server = createServer();
    const balancer = new Balancer(server, ports);
    server.on('request', (incoming, outgoing) => {
      balancer.#take(incoming, outgoing).catch(() => outgoing.destroy());
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Milliseconds since the last delivery; 0 while one is in progress or still due. */
  get quietMs(): number {
    return this.#underWay > 0 ? 0 : performance.now() - this.#lastAtMs;
  }

  /** Disturbs the next `times` suitable deliveries. */
  disturb(
    kind: Disturbance,
    { times, milliseconds }: { readonly times: number; readonly milliseconds: number },
  ): void {
    this.#troubles.push({ kind, milliseconds, left: times });
  }

  /** Stops disturbing deliveries. */
  heal(): void {
    this.#troubles.splice(0);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#underWay += 1;
    try {
      const body = await buffer(incoming);
      if (this.#hits('cut') !== null) {
        outgoing.destroy();
        return;
      }
      const holdMs = this.#hits('late');
      if (holdMs !== null) await delay(holdMs);
      const status = await this.#forward(incoming, body);
      const isSuccess = status < 300;
      if (isSuccess && this.#hits('answer-lost') !== null) {
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(status).end();
      const againMs = isSuccess ? this.#hits('again') : null;
      if (againMs !== null) this.#forwardLater(incoming, body, againMs);
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#underWay -= 1;
    this.#lastAtMs = performance.now();
  }

  /** Milliseconds of the disturbance that hits this delivery; null if none of that kind is left. */
  #hits(kind: Disturbance): number | null {
    const trouble = this.#troubles.find((each) => each.kind === kind && each.left > 0);
    if (trouble === undefined) return null;
    trouble.left -= 1;
    this.disturbed[kind] += 1;
    return trouble.milliseconds;
  }

  #forwardLater(incoming: IncomingMessage, body: Buffer, milliseconds: number): void {
    this.#underWay += 1;
    void delay(milliseconds)
      .then(() => this.#forward(incoming, body))
      .finally(() => {
        this.#end();
      });
  }

  /** @returns the status of the next replica. Never rejects. */
  #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<number> {
    const others = { ...headers, 'content-length': String(body.byteLength) };
    delete others['transfer-encoding'];
    const index = this.#next++ % this.ports.length;
    const port = this.ports[index];
    this.requestCounts[index] = (this.requestCounts[index] ?? 0) + 1;
    return new Promise((resolve) => {
      const forwarded = request(
        {
          host: HOST,
          port,
          method,
          path: url,
          headers: others,
          agent: this.#agent,
        },
        (answer) => {
          answer.resume();
          answer.on('error', () => undefined);
          resolve(answer.statusCode ?? NO_REPLICA);
        },
      );
      forwarded.on('error', () => {
        resolve(NO_REPLICA);
      });
      forwarded.end(body);
    });
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
