import type { BooksCounts, TableState } from '@pipeline/books';
import Table from 'cli-table3';
import type { TableChange } from './table-changes.js';
import { countOf } from '../command/count-words.js';
import { printable } from '../command/printable.js';
import { describeBooks } from './run-books.js';

/** The contents of the live view. */
export interface Status {
  readonly tables: readonly TableState[];
  readonly changes: ReadonlyMap<string, TableChange>;
  readonly published: number;
  readonly totals: BooksCounts;
  /** Values in `_overflow` by reason, and dead letters by reason. */
  readonly trouble: Trouble;
  /** Current problems, as sentences. */
  readonly problems: readonly string[];
  readonly nowMs: number;
}

/** Counts that a person should look at, by reason. */
export interface Trouble {
  readonly overflow: ReadonlyMap<string, number>;
  readonly deadLetters: ReadonlyMap<string, number>;
}

/** The size of the terminal, in characters and lines. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const UNLIMITED: ScreenSize = { columns: Infinity, rows: Infinity };
const LONGEST_CELL = 48;
const SHORTEST_CELL = 10;
/** Borders and the columns of numbers of the table. */
const FIXED_COLUMNS = 34;
/** Lines that are not tables: head, borders, totals, trouble. */
const FIXED_ROWS = 9;
const PLAIN = { head: [], border: [] };

/**
 * The live table: per table rows, columns and the last change; then the totals. Tables are in the order of their names; if the screen is
 * too low for all, those that changed last are shown.
 */
export function renderStatus(
  { tables, changes, published, totals, trouble, problems, nowMs }: Status,
  { columns: width, rows: height }: ScreenSize = UNLIMITED,
): string {
  const longest = Math.max(SHORTEST_CELL, Math.min(LONGEST_CELL, Math.floor((width - FIXED_COLUMNS) / 2)));
  const shorten = (text: string): string => shortened(text, longest);
  const shown = lastChanged(tables, changes, Math.max(1, height - FIXED_ROWS - problems.length));
  const table = new Table({
    head: ['table', 'rows', 'columns', 'last change'],
    colAligns: ['left', 'right', 'right', 'left'],
    style: PLAIN,
  });
  for (const { name, rows, columns } of shown) {
    const change = changes.get(name);
    table.push([
      shorten(name),
      rows,
      columns.size,
      change === undefined ? '' : `${shorten(change.what)}, ${ago(nowMs - change.atMs)}`,
    ]);
  }
  const body = tables.length === 0 ? 'No event table yet.' : withoutInnerLines(table.toString());
  const hidden = tables.length - shown.length;
  return [
    body,
    ...(hidden === 0 ? [] : [`and ${countOf(hidden, 'table')} that changed earlier`]),
    `${published} published, ${describeBooks(totals)}`,
    ...troubleLines(trouble),
    ...problems.map((problem) => `! ${printable(problem)}`),
  ].join('\n');
}

function lastChanged(
  tables: readonly TableState[],
  changes: ReadonlyMap<string, TableChange>,
  count: number,
): readonly TableState[] {
  if (tables.length <= count) return tables;
  const changedAt = (name: string): number => changes.get(name)?.atMs ?? 0;
  const kept = new Set(
    [...tables]
      .sort((left, right) => changedAt(right.name) - changedAt(left.name))
      .slice(0, count)
      .map(({ name }) => name),
  );
  return tables.filter(({ name }) => kept.has(name));
}

/** `dead letters: 3 NOT_JSON, 1 DUPLICATE_KEY`, `in _overflow: 12 TYPE_CONFLICT`; nothing for what is empty. */
function troubleLines({ deadLetters, overflow }: Trouble): string[] {
  return [
    ...reasonLine('dead letters', deadLetters, 'npx pipeline dead-letters --local'),
    ...reasonLine('in _overflow', overflow, 'npx pipeline overflow --local'),
  ];
}

function reasonLine(what: string, reasons: ReadonlyMap<string, number>, command: string): string[] {
  if (reasons.size === 0) return [];
  const sorted = [...reasons].sort(([, left], [, right]) => right - left);
  const words = sorted.map(([reason, count]) => `${count} ${printable(reason)}`).join(', ');
  return [`${what}: ${words} (${command})`];
}

/** Only the head of a table is set off by a line. */
function withoutInnerLines(table: string): string {
  const HEAD_LINES = 3;
  return table
    .split('\n')
    .filter((line, index) => index < HEAD_LINES || !line.startsWith('├'))
    .join('\n');
}

function shortened(given: string, longest: number): string {
  const text = printable(given);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
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
