import { TRANSIENT_GRPC_STATUSES } from './cloud-error.classifier.js';

/** Delays of one kind of retry, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Returns the delay before attempt number `attempt` + 1: doubling from `firstMs` to `maxMs`, then a random part of it
 * between half and all, so that replicas that failed together do not retry together.
 *
 * Shape: attempts 1, 2, 3 with firstMs 100 → 50–100, 100–200, 200–400. `random` gives [0, 1).
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceilingMs * (0.5 + random() / 2));
}

/** Resolves after the delay, or as soon as the signal aborts. */
export function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : delayMs);
    signal.addEventListener('abort', end);
  });
}

/** The delays of calls that an official client retries by itself. */
const CLIENT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

/** The retries of a gRPC client as its `gaxOpts` take them: transient statuses until `timeoutMs` is over. */
export interface ClientRetry {
  readonly retryCodes: number[];
  readonly backoffSettings: Readonly<
    Record<
      | 'initialRetryDelayMillis'
      | 'retryDelayMultiplier'
      | 'maxRetryDelayMillis'
      | 'initialRpcTimeoutMillis'
      | 'rpcTimeoutMultiplier'
      | 'maxRpcTimeoutMillis'
      | 'totalTimeoutMillis',
      number
    >
  >;
}

/** Returns the retries of a gRPC client, because its own default would retry for ten minutes while the caller waits. */
export function clientRetry(timeoutMs: number): ClientRetry {
  return {
    retryCodes: [...TRANSIENT_GRPC_STATUSES],
    backoffSettings: {
      initialRetryDelayMillis: CLIENT_BACKOFF.firstMs,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: CLIENT_BACKOFF.maxMs,
      initialRpcTimeoutMillis: timeoutMs,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: timeoutMs,
      totalTimeoutMillis: timeoutMs,
    },
  };
}
