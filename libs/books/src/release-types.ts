import { setTimeout } from 'node:timers/promises';
import type { Publisher, Sql } from '@pipeline/google-clients';
import type { Forecaster } from './forecast.js';
import { countHeld, heldCandidates, type HeldTypes } from './held-types.js';
import { replay } from './replay.js';
import type { ReplayCandidate } from './replay-candidates.js';

export interface ReleaseOptions {
  readonly sql: Sql;
  readonly publisher: Publisher;
  readonly forecaster: Forecaster;
  /** Time in which every service learns of a new table or verb, in milliseconds; a replay before is held again. */
  readonly settleMs?: number;
  /** Longest time without a message that became a row, in milliseconds. */
  readonly patienceMs?: number;
  /** Pause between two looks, in milliseconds. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (release: Release) => void;
}

/** Messages that were published again, and those that have neither a row nor another dead letter yet. */
export interface Release {
  readonly replayed: number;
  readonly left: number;
}

/** A service looks for a missing table, and for the verb that forbids one, every five seconds. */
const DEFAULT_SETTLE_MS = 6_000;
const DEFAULT_PATIENCE_MS = 300_000;
const DEFAULT_PAUSE_MS = 2_000;

/**
 * Replays held messages, and waits until they are rows: BigQuery's writers learn a new table within minutes.
 *
 * A message that a service held once more, because it did not know of the decision yet, is replayed again. Interrupted, it is
 * started again: what has a row is not published. Two at once publish copies of one event, which rows, views and books recognise.
 * Memory holds the ids of the messages that were published, at most 1,000,000.
 * @throws CloudError
 */
export async function releaseTypes(held: HeldTypes, options: ReleaseOptions): Promise<Release> {
  const { sql, signal, patienceMs = DEFAULT_PATIENCE_MS, pauseMs = DEFAULT_PAUSE_MS, onProgress } = options;
  const sent = new Map<string, number>();
  let before = { holds: 0, waiting: Infinity };
  let replayed = 0;
  let progressAtMs = Date.now();
  let count = await countHeld(sql, held);
  if (count.waiting > 0) {
    await pause(options.settleMs ?? DEFAULT_SETTLE_MS, signal);
    count = await countHeld(sql, held);
  }
  for (;;) {
    const { holds, waiting: left } = count;
    onProgress?.({ replayed, left });
    if (left === 0 || signal?.aborted === true) return { replayed, left };
    if (left < before.waiting || holds > before.holds) progressAtMs = Date.now();
    if (holds > before.holds) {
      await replay(unsent(heldCandidates(sql, held), sent), {
        ...options,
        dryRun: false,
        // A message that becomes a dead letter has left the quarantine, with a reason and a way back.
        force: true,
        onStep: ({ kind }) => {
          if (kind !== 'published') return;
          replayed++;
          onProgress?.({ replayed, left });
        },
      });
    } else if (Date.now() - progressAtMs >= patienceMs) return { replayed, left };
    before = count;
    await pause(pauseMs, signal);
    count = await countHeld(sql, held);
  }
}

/** Candidates that were not published yet, or were held again since. */
async function* unsent(
  candidates: AsyncIterable<ReplayCandidate>,
  sent: Map<string, number>,
): AsyncGenerator<ReplayCandidate> {
  for await (const candidate of candidates) {
    const { message, attempts } = candidate;
    if ((sent.get(message.messageId) ?? -1) >= attempts) continue;
    sent.set(message.messageId, attempts);
    yield candidate;
  }
}

/** Ends at once if the signal aborts. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
