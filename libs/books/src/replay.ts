import type { Forecast, Forecaster } from './forecast.js';
import type { Publisher } from './publisher.port.js';
import type { RawMessage } from './raw-messages.js';
import type { ReplayCandidate } from './replay-candidates.js';

/** The attribute that names the message whose event this is; honoured only on the replay topic. */
const REPLAY_OF = 'pipeline_replay_of';

/** The attempt that is refused unless forced: whoever has failed four times will fail again. */
export const REFUSED_ATTEMPT = 5;

/**
 * What was done with one candidate. `hopeless`: it would be a dead letter again, so it was not published;
 * `refused`: it has had its attempts.
 */
export type ReplayStep =
  | { readonly kind: 'published'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'would-publish'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'hopeless'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'refused'; readonly candidate: ReplayCandidate; readonly forecast: Forecast };

export interface ReplayOptions {
  readonly forecaster: Forecaster;
  readonly publisher: Publisher;
  readonly dryRun: boolean;
  /** Publish also what was refused or looks hopeless. */
  readonly force: boolean;
  /** Messages per second; unlimited when absent. */
  readonly pace?: () => Promise<void>;
  /** Publishing at once; also how many may be published twice when a replay is cut off. */
  readonly concurrency?: number;
  readonly onStep: (step: ReplayStep) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_CONCURRENCY = 100;

/**
 * Publish candidates to the replay topic, in order.
 *
 * Idempotent: each message carries the id of the original, so whatever is published twice is one event with a
 * duplicate row. Stops after what is under way when `signal` aborts.
 * @throws BooksError as the publisher fails; nothing more is published then
 */
export async function replay(
  candidates: AsyncIterable<ReplayCandidate>,
  options: ReplayOptions,
): Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY, signal, pace, onStep } = options;
  let underWay: Promise<void>[] = [];
  for await (const candidate of candidates) {
    if (signal?.aborted === true) break;
    const forecast = await options.forecaster.forecast(candidate.message);
    const kind = decide(candidate, forecast, options);
    if (kind !== 'published') {
      onStep({ kind, candidate, forecast });
      continue;
    }
    await pace?.();
    underWay.push(
      options.publisher.publish(toReplayMessage(candidate)).then(() => {
        onStep({ kind, candidate, forecast });
      }),
    );
    if (underWay.length >= concurrency) {
      await Promise.all(underWay);
      underWay = [];
    }
  }
  await Promise.all(underWay);
}

function decide(
  { attempts }: ReplayCandidate,
  forecast: Forecast,
  { dryRun, force }: Pick<ReplayOptions, 'dryRun' | 'force'>,
): ReplayStep['kind'] {
  if (attempts >= REFUSED_ATTEMPT - 1 && !force) return 'refused';
  if (forecast.kind === 'rejected' && !force) return 'hopeless';
  return dryRun ? 'would-publish' : 'published';
}

/** The original data and attributes, and whose event it is. */
export function toReplayMessage({ message }: ReplayCandidate): Pick<RawMessage, 'data' | 'attributes'> {
  const { messageId, data, attributes } = message;
  return { data, attributes: { ...attributes, [REPLAY_OF]: messageId } };
}
