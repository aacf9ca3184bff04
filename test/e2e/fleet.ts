import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from './eventually.js';
import { LoadBalancer } from './load-balancer.js';
import { Pipeline } from './pipeline.js';
import { freePort, type Service } from './service.js';

/** What a suite may need to wait for, however busy the machine is. */
const PATIENCE_MS = 240_000;
const POLL_MS = 200;
/** The tables are in the process that looks at them: most of its time is theirs. */
const PAUSES = 3;

/** Several replicas of table-manager behind one address, and a record of everything that was published to them. */
export class Fleet {
  /** Message id → the event as it was published. */
  readonly published = new Map<string, string>();
  private readonly replicas: Service[] = [];

  private constructor(
    readonly pipeline: Pipeline,
    private readonly balancer: LoadBalancer,
    private readonly ports: readonly number[],
    private readonly settings: Record<string, string>,
  ) {}

  static async start(replicas = 4, settings: Record<string, string> = {}): Promise<Fleet> {
    const pipeline = await Pipeline.start({ provision: false });
    const ports = await Promise.all(Array.from({ length: replicas }, () => freePort()));
    const balancer = await LoadBalancer.start(ports);
    const fleet = new Fleet(pipeline, balancer, ports, settings);
    await pipeline.provision(balancer.url);
    await pipeline.redeliverAfter(200, 2_000);
    fleet.replicas.push(...(await Promise.all(ports.map((_port, index) => fleet.startReplica(index)))));
    return fleet;
  }

  get size(): number {
    return this.ports.length;
  }

  /** Requests that each replica was given. */
  get requestCounts(): readonly number[] {
    return this.balancer.requestCounts;
  }

  async publish(event: object | string): Promise<string> {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    const messageId = await this.pipeline.publish(text);
    this.published.set(messageId, text);
    return messageId;
  }

  async publishAll(events: readonly (object | string)[]): Promise<void> {
    await Promise.all(events.map((event) => this.publish(event)));
  }

  /** Wait until so many more requests than now have come to the replicas. */
  async arrivals(count: number): Promise<void> {
    const total = (): number => this.requestCounts.reduce((sum, requests) => sum + requests, 0);
    const expected = total() + count;
    await this.eventually(() =>
      total() >= expected ? Promise.resolve() : Promise.reject(new Error(`${total()} of ${expected} came`)),
    );
  }

  /** `kill -9`, then a new process in its place, as Cloud Run does it. */
  async killAndReplace(index: number): Promise<void> {
    await this.replicas[index]?.kill('SIGKILL');
    this.replicas[index] = await this.startReplica(index);
  }

  /** Whether every replica still answers; a service ends itself after an unhandled rejection. */
  async areAllAlive(): Promise<boolean> {
    const statuses = await Promise.all(
      this.replicas.map(async ({ url }) => (await fetch(`${url}/liveness`)).status),
    );
    return statuses.every((status) => status === 200);
  }

  /** Wait until something holds that other processes bring about. */
  async eventually<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return eventually(attempt, PATIENCE_MS);
  }

  /**
   * Wait until nothing is missing any more, for as long as less is missing from time to time. A look may fail: it meets the
   * same faults as the replicas.
   */
  async untilNoneIsMissing(look: () => Promise<readonly string[]>): Promise<void> {
    let least = Number.POSITIVE_INFINITY;
    let progressAtMs = performance.now();
    for (;;) {
      const lookedAtMs = performance.now();
      const outcome = await look().catch((cause: unknown) => new Error('a look failed', { cause }));
      const missing = outcome instanceof Error ? null : outcome;
      if (missing?.length === 0) return;
      if (missing !== null && missing.length < least) {
        progressAtMs = lookedAtMs;
        least = missing.length;
      }
      if (lookedAtMs - progressAtMs > PATIENCE_MS) {
        const some = missing?.slice(0, 10).join(', ') ?? 'unknown';
        throw new Error(
          `${least} messages are nowhere, and none came for ${PATIENCE_MS / 1000} s: ${some}`,
          outcome instanceof Error ? { cause: outcome } : {},
        );
      }
      await pause(Math.max(POLL_MS, PAUSES * (performance.now() - lookedAtMs)));
    }
  }

  async stop(): Promise<void> {
    await this.pipeline.stop();
    await this.balancer.stop();
  }

  private startReplica(index: number): Promise<Service> {
    return this.pipeline.startTableManager(this.ports[index], this.settings);
  }
}
