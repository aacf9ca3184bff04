import Table from 'cli-table3';
import { printable } from './printable.js';

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows under a head, columns aligned, numbers to the right. Every cell is {@link printable} and one line. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const isNumber = head.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const table = new Table({
    head: [...head],
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: isNumber.map((right) => (right ? 'right' : 'left')),
  });
  for (const row of rows) table.push(row.map((cell) => (cell === null ? '–' : printable(String(cell)))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The line below a list that is cut: `100 of 412; --limit shows more.`, and an empty one. */
export function listedOf(shown: number, total: number): string[] {
  return shown < total ? [`${shown} of ${total}; --limit shows more.`, ''] : [];
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1234567` → `1.2 MB` (powers of 1,000). */
export function formatBytes(count: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(count, 1)) / 3), 0), SIZES.length - 1);
  const value = count / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${SIZES[power] ?? 'B'}`;
}
