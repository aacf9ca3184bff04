import {
  sumCounts,
  waitingWords,
  type Books,
  type BooksCounts,
  type BooksLine,
  type DeepAudit,
  type WaitingValues,
} from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';
import { countOf } from '../command/count-words.js';
import { printable } from '../command/printable.js';
import { formatBytes, textTable } from '../command/text-table.js';

/** Columns in their order; those that `always` does not keep are left out if they are 0 everywhere. */
const COLUMNS: readonly { readonly head: string; readonly of: keyof BooksCounts; readonly always?: true }[] =
  [
    { head: 'received', of: 'received', always: true },
    { head: 'rows', of: 'rows', always: true },
    { head: 'dead letters', of: 'deadLetters', always: true },
    { head: 'dismissed', of: 'dismissed' },
    { head: 'quarantined', of: 'quarantined' },
    { head: 'in progress', of: 'inProgress' },
    { head: 'unaccounted', of: 'unaccounted', always: true },
    { head: 'duplicates', of: 'duplicates' },
    { head: 'not in archive', of: 'unarchived' },
  ];
const MAX_IDS = 20;

export interface BooksView {
  readonly by: 'table' | 'hour';
  readonly command: CommandWords;
  /** Options of `explain` and `replay` that give the same verdict as this audit. */
  readonly sameVerdict: string;
  /** Also the columns that are 0 everywhere. */
  readonly wide?: boolean;
  /** Values in `_overflow` of the span; null if they were not counted. */
  readonly overflow?: OverflowSum | null;
}

/** Values in `_overflow`, those of them that wait for a column, and what the waiting ones of each table wait for. */
export interface OverflowSum {
  readonly waits: readonly WaitingValues[];
  readonly byTable: ReadonlyMap<string, number>;
  readonly values: number;
  readonly waiting: number;
}

/** The books as a person reads them: a line per table (or hour), the sum, and what is unaccounted by id. */
export function renderBooks(books: Books, deep: DeepAudit | null, view: BooksView): string {
  const { span, totals, lines, unaccounted, mistimed } = books;
  const parts = [`Messages published from ${toMinute(span.from)} to ${toMinute(span.to)} UTC`, ''];
  if (lines.length === 0)
    return [...parts, 'Nothing to account for: the archive has no message of this time.'].join('\n');
  parts.push(countsTable(books, view), '', verdict(totals));
  if (view.overflow !== undefined && view.overflow !== null && view.overflow.values > 0)
    parts.push(overflowLine(view.overflow, view), ...waitLines(view.overflow));
  if (unaccounted.length > 0) {
    parts.push(
      ...unaccounted.slice(0, MAX_IDS).map(({ messageId, publishedAt }) => `  ${messageId}  ${publishedAt}`),
    );
    const more = totals.unaccounted - Math.min(unaccounted.length, MAX_IDS);
    if (more > 0) parts.push(`  and ${more} more (--json names ${unaccounted.length})`);
    parts.push(...unaccountedHints(books, view));
  }
  if (totals.mistimed > 0) {
    parts.push(
      `${countOf(totals.mistimed, 'ROW', 'ROWS')} with another publish time than the archive: another event is stored under their id.`,
      ...mistimed
        .slice(0, MAX_IDS)
        .map(({ messageId, publishedAt, table }) => `  ${messageId}  ${publishedAt}  ${table}`),
    );
  }
  if (deep !== null) parts.push(renderDeep(deep));
  return parts.join('\n');
}

function unaccountedHints({ span, unaccounted }: Books, { command, sameVerdict }: BooksView): string[] {
  const since = `--since ${span.from.toISOString()}${sameVerdict}`;
  return [
    `What one of them was: ${command(`explain ${quoted(unaccounted[0]?.messageId ?? 'ID')} ${since}`)}`,
    `Bring them back: ${command(`replay --unaccounted ${since}`)}`,
  ];
}

/** `a query of 1.2 GB` before it runs. */
export function renderEstimate(bytes: number, isLocal: boolean): string {
  return isLocal
    ? 'Taking the books (the local cloud counts no bytes) …'
    : `Taking the books: BigQuery will read ${formatBytes(bytes)} …`;
}

function renderDeep({ rows, leaves, altered, values }: DeepAudit): string {
  const head = `Rebuilt ${countOf(leaves, 'value')} from ${countOf(rows, 'row')}: ${altered === 0 ? 'none altered.' : `${altered} ALTERED.`}`;
  const named = values.map(({ table, messageId, pointer, problem }) =>
    printable(`  ${messageId}  ${table}  ${pointer === '' ? '(whole event)' : pointer}  ${problem}`),
  );
  return [head, ...named].join('\n');
}

function verdict({ unaccounted, inProgress, received }: BooksCounts): string {
  if (unaccounted > 0) return `${unaccounted} UNACCOUNTED of ${received} received, the oldest first:`;
  return inProgress === 0
    ? 'The books balance: nothing is unaccounted.'
    : `The books balance: nothing is unaccounted; ${inProgress} are in progress.`;
}

function countsTable({ lines, totals }: Books, { by, wide = false, overflow = null }: BooksView): string {
  const shown = COLUMNS.filter(({ of, always = false }) => wide || always || totals[of] > 0);
  const withOverflow = by === 'table' && overflow !== null && (wide || overflow.values > 0);
  const cells = (counts: BooksCounts, values: number): number[] => [
    ...shown.map(({ of }) => counts[of]),
    ...(withOverflow ? [values] : []),
  ];
  return textTable(
    [by, ...shown.map(({ head }) => head), ...(withOverflow ? ['in overflow'] : [])],
    [
      ...[...groupBy(lines, by)].map(([name, group]) => [
        name,
        ...cells(sumCounts(group), overflow?.byTable.get(name) ?? 0),
      ]),
      ['all', ...cells(totals, overflow?.values ?? 0)],
    ],
  );
}

function overflowLine({ values, waiting }: OverflowSum, { command }: BooksView): string {
  const wait = waiting === 0 ? '' : `, ${waiting} of them until their column is there`;
  return `${countOf(values, 'value is', 'values are')} in _overflow${wait}: ${command('overflow')}`;
}

/** Only for tables that wait for more than the next promotion. */
function waitLines({ waits }: OverflowSum): string[] {
  return waits
    .filter(({ obstacle, awaitingApproval }) => obstacle !== null || awaitingApproval > 0)
    .map((waiting) => printable(`  ${waiting.table}: ${waitingWords(waiting)}`));
}

function groupBy(lines: readonly BooksLine[], by: 'table' | 'hour'): Map<string, BooksLine[]> {
  const groups = new Map<string, BooksLine[]>();
  for (const line of lines) {
    const name = by === 'hour' ? `${line.hour.slice(0, 13)}:00` : (line.table ?? '(no table)');
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return new Map([...groups].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function toMinute(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
