import { toMessage } from '../error-like.js';
import { CHECK_TIMEOUT_MS, type CheckOutcome, type HealthCheck } from './health-check.port.js';

/** Probes and people ask more often than the answer changes, and need no token. */
const CACHED_MS = 2_000;

/** Runs a check at most once in two seconds, for all callers together. */
export class CachedCheck {
  readonly name: string;
  readonly #check: HealthCheck;
  #outcome: Promise<CheckOutcome> | null = null;
  #expiresAtMs = 0;

  constructor(check: HealthCheck) {
    this.name = check.name;
    this.#check = check;
  }

  run(): Promise<CheckOutcome> {
    if (this.#outcome === null || Date.now() >= this.#expiresAtMs) {
      this.#expiresAtMs = Number.POSITIVE_INFINITY; // until there is an outcome
      this.#outcome = runCheck(this.#check).finally(() => {
        this.#expiresAtMs = Date.now() + CACHED_MS;
      });
    }
    return this.#outcome;
  }
}

/** Runs one check so that it always answers in time: an exception or a delay is `down`. */
export async function runCheck(
  check: HealthCheck,
  timeoutMs: number = CHECK_TIMEOUT_MS,
): Promise<CheckOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckOutcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'down', code: 'CHECK_TIMEOUT', message: `No answer within ${timeoutMs} ms` });
    }, timeoutMs);
  });
  try {
    return await Promise.race([check.check(), late]);
  } catch (cause) {
    return { kind: 'down', code: 'CHECK_FAILED', message: toMessage(cause) };
  } finally {
    clearTimeout(timer);
  }
}
