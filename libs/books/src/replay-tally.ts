import type { Forecast } from './forecast.js';
import type { ReplayStep } from './replay.js';

/** The candidates of a replay, counted by expected outcome. */
export interface ReplaySummary {
  readonly published: number;
  readonly wouldPublish: number;
  readonly hopeless: number;
  readonly refused: number;
  /** Could not be edited or split. */
  readonly impossible: number;
  readonly outcomes: readonly ReplayOutcome[];
}

/** Candidates with one reason and one outcome. */
export interface ReplayOutcome {
  readonly reason: string;
  readonly outcome: string;
  readonly messages: number;
  readonly sample: string;
}

/** Counts steps as they come; memory holds one line for each kind of outcome. */
export class ReplayTally {
  readonly #counts = { published: 0, 'would-publish': 0, hopeless: 0, refused: 0, impossible: 0 };
  readonly #outcomes = new Map<string, ReplayOutcome>();

  add(step: ReplayStep): void {
    this.#counts[step.kind]++;
    const { reason, message } = step.candidate;
    const outcome = outcomeOf(step);
    const key = `${reason}\n${outcome}`;
    const before = this.#outcomes.get(key);
    this.#outcomes.set(key, {
      reason,
      outcome,
      messages: (before?.messages ?? 0) + 1,
      sample: before?.sample ?? message.messageId,
    });
  }

  get published(): number {
    return this.#counts.published;
  }

  summary(): ReplaySummary {
    const { published, hopeless, refused, impossible } = this.#counts;
    return {
      published,
      wouldPublish: this.#counts['would-publish'],
      hopeless,
      refused,
      impossible,
      outcomes: [...this.#outcomes.values()].sort((left, right) => right.messages - left.messages),
    };
  }
}

function outcomeOf(step: ReplayStep): string {
  if (step.kind === 'impossible') return `left as it is: ${step.detail}`;
  if (step.kind === 'refused') return 'refused: it has had four attempts (--force tries again)';
  return toWords(step.forecast);
}

const HELD_WORDS = {
  AWAITING_APPROVAL: 'whole in _quarantine until its event type is approved',
  TABLE_GUARD: 'whole in _quarantine: the limit on new tables is reached',
} as const;

function toWords(forecast: Forecast): string {
  if (forecast.kind === 'rejected') return `still a dead letter: ${forecast.reason}`;
  const { table, overflowed, changes, isNewTable, held, awaitsApproval } = forecast;
  if (held !== undefined) return HELD_WORDS[held];
  const change = isNewTable
    ? ', which is yet to be made'
    : changes > 0
      ? `, after ${changes} schema change${changes === 1 ? '' : 's'}`
      : '';
  const overflow =
    awaitsApproval === true
      ? '; some values in _overflow, which wait for an approval'
      : overflowed > 0
        ? '; some values in _overflow'
        : '';
  return `a row of ${table}${change}${overflow}`;
}
