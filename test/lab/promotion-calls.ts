import { pause } from '@pipeline/cli';

/** Answers of a replica that is busy, gone, or has a BigQuery that fails: the caller repeats the call. */
const PASSING = [429, 502, 503];
const RETRY_MS = 500;

/** Calls of promotions and retypes through the load balancer, as Cloud Scheduler and an operator make them. */
export class PromotionCalls {
  /** Calls so far: the balancer counts them among its requests. */
  count = 0;
  /** Answers that no repetition would change, such as `POST /retypes: 400`. */
  readonly refusals = new Set<string>();

  constructor(private readonly url: string) {}

  /** @returns true if the promotion ran to its end */
  async promote(body: object = {}): Promise<boolean> {
    return this.#call('promotions', body);
  }

  /** Repeats a call that was not answered until it is accepted or `signal` aborts. @returns true if it was accepted */
  async insist(path: 'promotions' | 'retypes', body: object, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.#call(path, body)) return true;
      await pause(RETRY_MS, signal);
    }
    return false;
  }

  async #call(path: string, body: object): Promise<boolean> {
    this.count += 1;
    const { ok, status } = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!ok && !PASSING.includes(status))
      this.refusals.add(`POST /${path} ${JSON.stringify(body)} was refused with ${status}`);
    return ok;
  }
}
