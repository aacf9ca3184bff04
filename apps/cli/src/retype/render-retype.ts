import { refusalText, type RetypeProgress, type RetypeResult } from '@pipeline/bigquery-tables';
import { nearestName } from '@pipeline/books';
import { countOf } from '../command/count-words.js';
import { UsageError } from '../command/exit-codes.js';
import { formatBytes } from '../command/text-table.js';

interface Asked {
  readonly table: string;
  readonly column: string;
}

type Refused = Extract<RetypeResult, { kind: 'refused' }>;

/** The refusal of a retype as an error with its remedy, and the nearest name. */
export function refusalWords(refused: Refused, asked: Asked): UsageError {
  const nearest = refused.code === 'NO_SUCH_COLUMN' ? nearestName(asked.column, refused.names) : null;
  return new UsageError(
    `${refusalText(refused, asked)}${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
  );
}

/** The result of a retype in words. */
export function renderRetype(
  result: Exclude<RetypeResult, Refused>,
  { table, column, type }: Asked & { readonly type: string },
): string {
  if (result.kind === 'missing') return `Table ${table} was deleted meanwhile.`;
  if (result.kind === 'done')
    return [`${table}.${column} is ${type.toUpperCase()} already.`, ...endWords(result.progress)].join('\n');
  const { retired, added, run, left } = result;
  const sum = (field: 'valuesMoved' | 'valuesOverflowed' | 'bytesProcessed' | 'durationMs'): number =>
    run.days.reduce((total, day) => total + day[field], 0);
  const overflowed = sum('valuesOverflowed');
  const conflicts =
    overflowed === 0
      ? ''
      : `, ${overflowed} of them to _overflow because ${type.toUpperCase()} does not hold them`;
  if (result.kind === 'planned') {
    return `${retired} would be retired and ${added} would take its place: ${countOf(sum('valuesMoved'), 'value')} would move${conflicts}. ${countOf(left, 'row has', 'rows have')} a value in ${retired}. BigQuery would read ${formatBytes(sum('bytesProcessed'))}.`;
  }
  const moved =
    `${retired} is retired, and ${added} has its place: ${sum('valuesMoved')} values moved${conflicts}. ` +
    `BigQuery processed ${formatBytes(sum('bytesProcessed'))} in ${(sum('durationMs') / 1_000).toFixed(1)} s.`;
  return left === 0
    ? [moved, ...endWords(result.progress)].join('\n')
    : `${moved}\n${countOf(left, 'row still has', 'rows still have')} a value in ${retired}: run the command again.`;
}

/** The state of a retype whose values have all moved. */
function endWords(progress: RetypeProgress | null): readonly string[] {
  if (progress === null) return [];
  const { table, column, stage, left, untilMs, detail } = progress;
  switch (stage) {
    case 'ended':
      return [`The retired column is gone, and ${column} is its name again.`];
    case 'moving':
      return [
        `${countOf(left, 'row still has', 'rows still have')} a value in a retired column of ${column}: run the command again.`,
      ];
    case 'settling':
      return [
        `The retired column is empty. The next step is due at ${new Date(untilMs ?? 0).toISOString()}, when every writer knows of the ` +
          `change: the nightly promotion takes it, or this command. ${table}_unique shows ${column} meanwhile.`,
      ];
    case 'refused':
      return [
        `BigQuery refuses the next step for now; it is tried again every night. ${table}_unique shows ${column} meanwhile. ${detail ?? ''}`.trim(),
      ];
  }
}
