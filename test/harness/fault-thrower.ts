import type { Balancer } from './balancer.js';
import type { PlannedFault } from './fault-plan.js';
import type { Replicas } from './replicas.js';
import { pause } from '@pipeline/cli';

/** Number of calls, deliveries or processes that each kind of fault hit. */
export type Thrown = Readonly<Record<string, number>>;

interface FaultInForce {
  readonly id: string;
  readonly hits: number;
}

/** Throws the faults of a plan at a running pipeline, and removes them again. */
export class FaultThrower {
  readonly #counts = new Map<string, number>();
  /** Faults of BigQuery by id, with the number of calls that each should hit. */
  readonly #ofBigquery = new Map<string, { readonly kind: string; readonly times: number }>();
  #isRateLimited = false;

  constructor(
    private readonly targets: {
      readonly bigqueryUrl: string;
      readonly balancer: Balancer;
      readonly replicas: Replicas;
    },
  ) {}

  /** Throws each fault at its time. Resolves after the last, or when `signal` aborts. */
  async throwAll(plan: readonly PlannedFault[], signal: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    for (const fault of plan) {
      await pause(Math.max(0, fault.atMs - (performance.now() - startedAtMs)), signal);
      if (signal.aborted) return;
      await this.#throw(fault);
    }
  }

  /** Removes all faults and waits until every replica runs. @returns all faults thrown */
  async heal(): Promise<Thrown> {
    const { balancer, replicas } = this.targets;
    balancer.heal();
    const inForce = (await this.#admin('GET', 'faults')) as { readonly faults: readonly FaultInForce[] };
    const stillThere = new Map(inForce.faults.map(({ id, hits }) => [id, hits]));
    for (const [id, { kind, times }] of this.#ofBigquery) this.#count(kind, stillThere.get(id) ?? times);
    await this.#admin('DELETE', 'faults');
    await this.#admin('PUT', 'metadata-lag', { milliseconds: 0 });
    await this.#admin('PUT', 'metadata-rate-limit', { enabled: false });
    await replicas.allRunning();
    return { ...Object.fromEntries(this.#counts), ...balancer.disturbed };
  }

  async #throw(fault: PlannedFault): Promise<void> {
    const { balancer, replicas } = this.targets;
    switch (fault.kind) {
      case 'metadata-lag':
        await this.#admin('PUT', 'metadata-lag', { milliseconds: fault.milliseconds });
        if (fault.milliseconds > 0) this.#count(fault.kind, 1);
        return;
      case 'rate-limit':
        this.#isRateLimited = !this.#isRateLimited;
        await this.#admin('PUT', 'metadata-rate-limit', { enabled: this.#isRateLimited });
        if (this.#isRateLimited) this.#count(fault.kind, 1);
        return;
      case 'quota':
        return this.#fail(fault.kind, { method: fault.method, times: fault.times, quota: true });
      case 'reset':
        return this.#fail(fault.kind, { method: fault.method, times: fault.times, reset: true });
      case 'unavailable':
        return this.#fail(fault.kind, {
          method: '*',
          rate: fault.rate,
          times: fault.times,
          error: { code: 503 },
        });
      case 'kill':
        if (await replicas.killAndReplace(fault.replica)) this.#count(fault.kind, 1);
        return;
      case 'answer-lost':
      case 'cut':
      case 'late':
      case 'again':
        balancer.disturb(fault.kind, fault);
    }
  }

  async #fail(
    kind: string,
    fault: { readonly times: number } & Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { id } = (await this.#admin('POST', 'faults', fault)) as { readonly id: string };
    this.#ofBigquery.set(id, { kind, times: fault.times });
  }

  #count(kind: string, times: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  async #admin(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.targets.bigqueryUrl}/admin/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok)
      throw new Error(`The local cloud refused ${method} ${path}: ${response.status} ${answer}`);
    return answer === '' ? null : JSON.parse(answer);
  }
}
