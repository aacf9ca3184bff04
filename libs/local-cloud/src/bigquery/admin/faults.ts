import { BigqueryError, type ErrorReason, invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, stringAt } from '../rules/json.js';

/**
 * A fault that a caller has requested.
 *
 * `method` is a REST method as Google's documents name it (`tabledata.insertAll`), `AppendRows`, `GetWriteStream`, or `*`.
 * `rate` is the share of calls it hits, evenly spread and without chance: 0.25 hits each fourth call.
 * `times`, where given, is after how many hits it ends.
 */
export interface Fault {
  readonly id: string;
  readonly method: string;
  readonly rate: number;
  readonly times: number | undefined;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  | { readonly kind: 'error'; readonly status: number; readonly reason: string; readonly message: string }
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'reset' };

interface Active {
  readonly fault: Fault;
  calls: number;
  hits: number;
}

const QUOTA: FaultEffect = {
  kind: 'error',
  status: 403,
  reason: 'quotaExceeded',
  message: 'Quota exceeded: Your project exceeded quota for this operation.',
};

/** Reads a fault from an admin request: `{method, rate?, times?}` with `error`, `latencyMs`, `reset` or `quota`. */
export function parseFault(id: string, body: JsonObject): Fault {
  const rate = body['rate'] ?? 1;
  const times = body['times'];
  if (typeof rate !== 'number' || rate <= 0 || rate > 1)
    throw invalid('rate must be a number above 0 and at most 1.', 'rate');
  if (times !== undefined && (typeof times !== 'number' || !Number.isInteger(times) || times < 1))
    throw invalid('times must be a whole number from 1.', 'times');
  return { id, method: stringAt(body, 'method') ?? '*', rate, times, effect: parseEffect(body) };
}

function parseEffect(body: JsonObject): FaultEffect {
  if (body['reset'] === true) return { kind: 'reset' };
  if (body['quota'] === true) return QUOTA;
  const latency = body['latencyMs'];
  if (typeof latency === 'number' && latency >= 0 && latency <= 600_000)
    return { kind: 'latency', milliseconds: latency };
  const error = body['error'];
  if (!isJsonObject(error))
    throw invalid('A fault needs one of error, latencyMs (0 to 600000), reset and quota.');
  const status = error['code'];
  if (typeof status !== 'number' || status < 400 || status > 599)
    throw invalid('error.code must be from 400 to 599.', 'error.code');
  return {
    kind: 'error',
    status,
    reason: stringAt(error, 'reason') ?? (status >= 500 ? 'backendError' : 'invalid'),
    message: stringAt(error, 'message') ?? 'An error that was asked for.',
  };
}

/** The faults in force; each call of the server asks them first. */
export class Faults {
  readonly #active = new Map<string, Active>();
  #next = 1;

  add(body: JsonObject): Fault {
    const fault = parseFault(String(this.#next), body);
    this.#next += 1;
    this.#active.set(fault.id, { fault, calls: 0, hits: 0 });
    return fault;
  }

  list(): readonly (Fault & { readonly calls: number; readonly hits: number })[] {
    return [...this.#active.values()].map(({ fault, calls, hits }) => ({ ...fault, calls, hits }));
  }

  /** Ends one fault, or all. */
  remove(id?: string): void {
    if (id === undefined) this.#active.clear();
    else this.#active.delete(id);
  }

  /** Effects on this call of a method, in the order the faults were made. */
  take(method: string): FaultEffect[] {
    return [...this.#active.values()]
      .filter((active) => this.#hits(active, method))
      .map(({ fault }) => fault.effect);
  }

  /** Waits for latency and throws errors; says whether the connection is to be broken. */
  async intercept(method: string): Promise<'proceed' | 'reset'> {
    let outcome: 'proceed' | 'reset' = 'proceed';
    for (const effect of this.take(method)) {
      if (effect.kind === 'latency') await delay(effect.milliseconds);
      if (effect.kind === 'reset') outcome = 'reset';
      if (effect.kind === 'error')
        throw new BigqueryError({
          reason: effect.reason as ErrorReason,
          message: effect.message,
          httpStatus: effect.status,
        });
    }
    return outcome;
  }

  #hits(active: Active, method: string): boolean {
    const { fault } = active;
    if (fault.method !== '*' && fault.method.toLowerCase() !== method.toLowerCase()) return false;
    active.calls += 1;
    const due =
      Math.floor(active.calls * fault.rate + 1e-9) > Math.floor((active.calls - 1) * fault.rate + 1e-9);
    if (!due) return false;
    active.hits += 1;
    if (active.hits === fault.times) this.#active.delete(fault.id);
    return true;
  }
}

function delay(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
