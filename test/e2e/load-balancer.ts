import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Gives each request to the next of several ports, as Cloud Run does with instances; 502 for one that does not answer. */
export class LoadBalancer {
  readonly requestCounts: number[];
  private next = 0;

  private constructor(
    private readonly server: Server,
    private readonly agent: Agent,
    ports: readonly number[],
  ) {
    this.requestCounts = ports.map(() => 0);
  }

  static async start(ports: readonly number[]): Promise<LoadBalancer> {
    const server = createServer();
    const agent = new Agent({ keepAlive: true });
    const balancer = new LoadBalancer(server, agent, ports);
    server.on('request', (incoming, outgoing) => {
      const index = balancer.next++ % ports.length;
      balancer.requestCounts[index] = (balancer.requestCounts[index] ?? 0) + 1;
      const { method, headers, url } = incoming;
      const forwarded = request(
        { host: '127.0.0.1', port: ports[index], method, headers, path: url, agent },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
          answer.on('error', () => outgoing.destroy());
        },
      );
      forwarded.on('error', () => {
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(502).end();
      });
      incoming.pipe(forwarded);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
