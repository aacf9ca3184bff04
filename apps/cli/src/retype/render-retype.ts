import type { RetypeResult } from '@pipeline/bigquery-tables';
import { nearestName } from '@pipeline/books';
import { UsageError } from '../command/exit-codes.js';

interface Asked {
  readonly table: string;
  readonly column: string;
}

type Refused = Extract<RetypeResult, { kind: 'refused' }>;

/** The refusal of a retype as an error with its remedy. */
export function refusalWords({ code, names }: Refused, { table, column }: Asked): UsageError {
  switch (code) {
    case 'PIPELINE_COLUMN':
      return new UsageError(`${column} is a column of the pipeline: only columns of events can be retyped.`);
    case 'NO_SUCH_COLUMN': {
      const nearest = nearestName(column, names);
      const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
      return new UsageError(`Table ${table} has no column ${column}: see pipeline tables ${table}.${hint}`);
    }
    case 'KEY_UNKNOWN':
      return new UsageError(
        `The event key of ${column} is too long to be recorded, so its values cannot be moved.`,
      );
    case 'IS_RECORD':
      return new UsageError(`${column} is a record: retype one of its fields, or the record to JSON.`);
    case 'TABLE_CLOSED':
      return new UsageError(
        `Table ${table} is closed and takes no new column: remove its label pipeline_schema first.`,
      );
  }
}

/** The result of a retype in words. */
export function renderRetype(
  result: Exclude<RetypeResult, Refused>,
  { table, column, type }: Asked & { readonly type: string },
): string {
  if (result.kind === 'missing') return `Table ${table} was deleted meanwhile.`;
  if (result.kind === 'done') return `${table}.${column} is ${type.toUpperCase()} already.`;
  const { retired, added, run, left } = result;
  const sum = (field: 'valuesMoved' | 'valuesOverflowed'): number =>
    run.days.reduce((total, day) => total + day[field], 0);
  const overflowed = sum('valuesOverflowed');
  const conflicts =
    overflowed === 0
      ? ''
      : `, ${overflowed} of them to _overflow because ${type.toUpperCase()} does not hold them`;
  if (result.kind === 'planned') {
    return `${retired} would be retired and ${added} would take its place: ${sum('valuesMoved')} values would move${conflicts}. ${left} rows have a value in ${retired}.`;
  }
  const moved = `${retired} is retired, and ${added} has its place: ${sum('valuesMoved')} values moved${conflicts}.`;
  return left === 0
    ? `${moved}\n${retired} is empty. It stays, for writers that do not know of the change yet.`
    : `${moved}\n${left} rows still have a value in ${retired}: run the command again.`;
}
