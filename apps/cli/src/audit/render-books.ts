import { sumCounts, type Books, type BooksCounts, type BooksLine, type DeepAudit } from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';
import { printable } from '../command/printable.js';
import { formatBytes, textTable } from '../command/text-table.js';

const HEAD = [
  'received',
  'rows',
  'dead letters',
  'quarantined',
  'in progress',
  'unaccounted',
  'duplicates',
  'not in archive',
] as const;
const MAX_IDS = 20;

export interface BooksView {
  readonly by: 'table' | 'hour';
  readonly command: CommandWords;
  /** Options of `explain` and `replay` that give the same verdict as this audit. */
  readonly sameVerdict: string;
}

/** The books as a person reads them: a line per table (or hour), the sum, and what is unaccounted by id. */
export function renderBooks(books: Books, deep: DeepAudit | null, view: BooksView): string {
  const { span, totals, lines, unaccounted, mistimed } = books;
  const { by } = view;
  const parts = [`Messages published from ${toMinute(span.from)} to ${toMinute(span.to)} UTC`, ''];
  if (lines.length === 0)
    return [...parts, 'Nothing to account for: the archive has no message of this time.'].join('\n');
  const groups = groupBy(lines, by);
  parts.push(
    textTable(
      [by, ...HEAD],
      [
        ...[...groups].map(([name, group]) => [name, ...counts(sumCounts(group))]),
        ['all', ...counts(totals)],
      ],
    ),
    '',
    verdict(totals),
  );
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
      `${totals.mistimed} ROWS with another publish time than the archive: another event is stored under their id.`,
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
  const head = `Rebuilt ${leaves} values from ${rows} rows: ${altered === 0 ? 'none altered.' : `${altered} ALTERED.`}`;
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

function counts(line: BooksCounts): number[] {
  const { received, rows, deadLetters, quarantined, inProgress, unaccounted, duplicates, unarchived } = line;
  return [received, rows, deadLetters, quarantined, inProgress, unaccounted, duplicates, unarchived];
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
