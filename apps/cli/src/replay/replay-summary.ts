import type { Forecast, ReplayStep } from '@pipeline/books';
import type { CommandWords } from '../command/command-line.js';
import { countOf } from '../command/count-words.js';
import { textTable } from '../command/text-table.js';

/** The candidates of a replay, counted by expected outcome. */
export interface ReplaySummary {
  readonly published: number;
  readonly wouldPublish: number;
  readonly hopeless: number;
  readonly refused: number;
  /** Could not be edited or split. */
  readonly impossible: number;
  readonly outcomes: readonly OutcomeCount[];
}

interface OutcomeCount {
  readonly reason: string;
  readonly outcome: string;
  readonly messages: number;
  readonly sample: string;
}

/** Counts steps as they come; memory holds one line for each kind of outcome. */
export class ReplayTally {
  readonly #counts = { published: 0, 'would-publish': 0, hopeless: 0, refused: 0, impossible: 0 };
  readonly #outcomes = new Map<string, OutcomeCount>();

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

function toWords(forecast: Forecast): string {
  if (forecast.kind === 'rejected') return `still a dead letter: ${forecast.reason}`;
  const { table, overflowed, changes, isNewTable } = forecast;
  const change = isNewTable
    ? ', which is yet to be made'
    : changes > 0
      ? `, after ${countOf(changes, 'schema change')}`
      : '';
  const overflow = overflowed > 0 ? '; some values in _overflow' : '';
  return `a row of ${table}${change}${overflow}`;
}

/** The summary as a person reads it. */
export function renderReplay(
  summary: ReplaySummary,
  run: { readonly dryRun: boolean; readonly interrupted: boolean; readonly command: CommandWords },
): string {
  const { published, wouldPublish, hopeless, refused, impossible, outcomes } = summary;
  if (outcomes.length === 0)
    return 'Nothing to replay: every matching message already has a row, or none matches.';
  const table = textTable(
    ['was', 'would be', 'messages', 'sample'],
    outcomes.map(({ reason, outcome, messages, sample }) => [reason, outcome, messages, sample]),
  );
  const left = [
    ...(hopeless > 0 ? [`${hopeless} left alone, because they would be dead letters again`] : []),
    ...(refused > 0 ? [`${refused} refused after four attempts`] : []),
    ...(impossible > 0 ? [`${impossible} could not be revised`] : []),
  ].join(', ');
  const done = run.dryRun ? `${wouldPublish} would be replayed` : `${published} replayed`;
  const after = run.interrupted
    ? '\nInterrupted. The same command goes on where this one stopped: what has become a row is not replayed again.'
    : run.dryRun || published === 0
      ? ''
      : `\nThey become rows within seconds. To check: ${run.command('audit')}`;
  return `${table}\n\n${done}${left === '' ? '' : `, ${left}`}.${after}`;
}
