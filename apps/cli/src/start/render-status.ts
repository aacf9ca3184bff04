import type { BooksCounts, TableState } from '@pipeline/books';
import Table from 'cli-table3';
import type { TableChange } from './table-changes.js';
import { printable } from '../command/printable.js';
import { describeBooks } from './run-books.js';

/** The contents of the live view. */
export interface Status {
  readonly tables: readonly TableState[];
  readonly changes: ReadonlyMap<string, TableChange>;
  readonly published: number;
  readonly totals: BooksCounts;
  /** Current problems, as sentences. */
  readonly problems: readonly string[];
  readonly nowMs: number;
}

const LONGEST_CELL = 48;
const PLAIN = { head: [], border: [] };

/** The live table: per table rows, columns and the last change; then the totals. */
export function renderStatus({ tables, changes, published, totals, problems, nowMs }: Status): string {
  const table = new Table({
    head: ['table', 'rows', 'columns', 'last change'],
    colAligns: ['left', 'right', 'right', 'left'],
    style: PLAIN,
  });
  for (const { name, rows, columns } of tables) {
    const change = changes.get(name);
    table.push([
      shorten(name),
      rows,
      columns.size,
      change === undefined ? '' : `${shorten(change.what)}, ${ago(nowMs - change.atMs)}`,
    ]);
  }
  const body = tables.length === 0 ? 'No event table yet.' : withoutInnerLines(table.toString());
  return [
    body,
    `${published} published, ${describeBooks(totals)}`,
    ...problems.map((problem) => `! ${printable(problem)}`),
  ].join('\n');
}

/** Only the head of a table is set off by a line. */
function withoutInnerLines(table: string): string {
  const HEAD_LINES = 3;
  return table
    .split('\n')
    .filter((line, index) => index < HEAD_LINES || !line.startsWith('├'))
    .join('\n');
}

function shorten(given: string): string {
  const text = printable(given);
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

/** One line for a terminal that cannot redraw, or a log. */
export function renderProgress({
  published,
  totals,
  problems,
}: Pick<Status, 'published' | 'totals' | 'problems'>): string {
  return [`${published} published, ${describeBooks(totals)}`, ...problems.map(printable)].join('; ');
}

function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
}
