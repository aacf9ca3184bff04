import type { Publisher } from '@pipeline/google-clients';
import type { Forecast, Forecaster } from './forecast.js';
import type { RawMessage } from './raw-messages.js';
import { EDIT_OF, EDIT_PART, type ReplayCandidate } from './replay-candidates.js';
import { InFlight } from './in-flight.js';

/** The attributes that name the message whose event this is, and its publish time; honoured only on the replay topic. */
export const REPLAY_OF = 'pipeline_replay_of';
export const REPLAY_PUBLISH_TIME = 'pipeline_replay_publish_time';

/** The attempt that is refused unless forced: a message that failed four times will fail again. */
export const REFUSED_ATTEMPT = 5;

/**
 * The action taken on one candidate. `hopeless`: it would be a dead letter again, so it was not published;
 * `refused`: it has had its attempts.
 */
export type ReplayStep =
  | { readonly kind: 'published'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'would-publish'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'hopeless'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'refused'; readonly candidate: ReplayCandidate; readonly forecast: Forecast }
  | { readonly kind: 'impossible'; readonly candidate: ReplayCandidate; readonly detail: string };

/** The events that replace a message, or the reason for which it cannot be revised. */
export type Revision =
  | { readonly kind: 'revised'; readonly events: readonly Buffer[] }
  | { readonly kind: 'impossible'; readonly detail: string };

export interface ReplayOptions {
  readonly forecaster: Forecaster;
  readonly publisher: Publisher;
  readonly dryRun: boolean;
  /** Publishes also what was refused or looks hopeless. */
  readonly force: boolean;
  /** Messages per second; unlimited when absent. */
  readonly pace?: () => Promise<void>;
  /** Publishing at once; also how many may be published twice when a replay is cut off. */
  readonly concurrency?: number;
  /** Messages to publish at most; what is left alone does not count. Unlimited when absent. */
  readonly limit?: number;
  /** Publishes these events, as messages of their own, in place of the original. The publisher's topic is the events' topic. */
  readonly revise?: (data: Buffer) => Revision;
  readonly onStep: (step: ReplayStep) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_CONCURRENCY = 100;

/**
 * Publishes candidates to the replay topic, in order.
 *
 * Idempotent: each message carries the id of the original, so whatever is published twice is one event with a
 * duplicate row. Stops after what is under way when `signal` aborts.
 * @throws CloudError of the publisher; nothing more is published then, and messages in flight have ended
 */
export async function replay(
  candidates: AsyncIterable<ReplayCandidate>,
  options: ReplayOptions,
): Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY, limit = Infinity, signal, pace, onStep } = options;
  const inFlight = new InFlight(concurrency);
  let started = 0;
  try {
    for await (const candidate of candidates) {
      if (signal?.aborted === true) break;
      const messages = messagesOf(candidate, options.revise);
      if ('detail' in messages) {
        onStep({ kind: 'impossible', candidate, detail: messages.detail });
        continue;
      }
      const forecast = await forecastAll(options.forecaster, candidate, messages);
      const kind = decide(candidate, forecast, options);
      if (kind !== 'published') {
        onStep({ kind, candidate, forecast });
        continue;
      }
      for (const message of messages) {
        await pace?.();
        await inFlight.start(async () => {
          await options.publisher.publish(message);
          if (message === messages.at(-1)) onStep({ kind, candidate, forecast });
        });
      }
      if (++started >= limit) break;
    }
  } finally {
    await inFlight.end();
  }
  inFlight.throwFailure();
}

type Outgoing = Pick<RawMessage, 'data' | 'attributes'>;

function messagesOf(
  candidate: ReplayCandidate,
  revise: ReplayOptions['revise'],
): readonly Outgoing[] | { readonly detail: string } {
  if (revise === undefined) return [toReplayMessage(candidate)];
  const revision = revise(candidate.message.data);
  return revision.kind === 'impossible' ? revision : toRevisedMessages(candidate, revision.events);
}

/** The forecast of a message's events: the first that would be rejected, else that of the last. */
async function forecastAll(
  forecaster: Forecaster,
  { message }: ReplayCandidate,
  outgoing: readonly Outgoing[],
): Promise<Forecast> {
  let last = await forecaster.forecast({ ...message, ...outgoing[0] });
  for (const { data, attributes } of outgoing.slice(1)) {
    if (last.kind === 'rejected') break;
    last = await forecaster.forecast({ ...message, data, attributes });
  }
  return last;
}

function decide(
  { attempts }: ReplayCandidate,
  forecast: Forecast,
  { dryRun, force, revise }: Pick<ReplayOptions, 'dryRun' | 'force' | 'revise'>,
): Exclude<ReplayStep['kind'], 'impossible'> {
  if (revise === undefined && attempts >= REFUSED_ATTEMPT - 1 && !force) return 'refused';
  if (forecast.kind === 'rejected' && !force) return 'hopeless';
  return dryRun ? 'would-publish' : 'published';
}

/** The original data and attributes, with the id and the publish time of the original. */
export function toReplayMessage({ message }: ReplayCandidate): Pick<RawMessage, 'data' | 'attributes'> {
  const { messageId, publishedAt, data, attributes } = message;
  return {
    data,
    attributes: { ...attributes, [REPLAY_OF]: messageId, [REPLAY_PUBLISH_TIME]: publishedAt },
  };
}

/**
 * Messages of their own, with their own ids: the attributes of the original, its id, and which part of how many each is.
 * Parts that an interrupted run published are left out.
 */
export function toRevisedMessages(
  { message, publishedParts }: ReplayCandidate,
  events: readonly Buffer[],
): readonly Outgoing[] {
  return events.flatMap((data, index) => {
    const part = `${index + 1}/${events.length}`;
    if (publishedParts.includes(part)) return [];
    return [{ data, attributes: { ...message.attributes, [EDIT_OF]: message.messageId, [EDIT_PART]: part } }];
  });
}
