import type { ReplaySummary } from '@pipeline/books';
import type { CommandWords } from '../command/command-line.js';
import { textTable } from '../command/text-table.js';

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
