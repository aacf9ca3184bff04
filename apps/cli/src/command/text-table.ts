import Table from 'cli-table3';
import { outputWidth } from './output-width.js';
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

const GAP = PLAIN.middle.length;
/** Columns are cut to this first, and below it only if that is not enough. */
const MIN_WIDTH = 20;

/**
 * Rows under a head, columns aligned, numbers to the right. Every cell is {@link printable} and one line. On a terminal, unless
 * `--wide` is given, empty columns are left out and the widest texts are cut until a row fits its width.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  width = outputWidth(),
): string {
  if (width !== Infinity && rows.length > 0) {
    const kept = worthShowing(head, rows);
    if (kept.includes(false)) {
      const only = <Cell>(row: readonly Cell[]): Cell[] => row.filter((_, index) => kept[index]);
      return textTable(only(head), rows.map(only), width);
    }
  }
  const isNumber = head.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const table = new Table({
    head: [...head],
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: isNumber.map((right) => (right ? 'right' : 'left')),
  });
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '–' : printable(String(cell)))));
  const widths = fittingWidths(head, cells, width);
  for (const row of cells) table.push(row.map((cell, index) => cut(cell, widths[index] ?? Infinity)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Columns with ids, which are pasted into the next command: no id of Pub/Sub is longer than {@link MIN_WIDTH}. */
const WHOLE = ['message', 'sample', 'id'];
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d/;
const TIME_WIDTH = 16;
const LEAST_WIDTH = 10;

/** Widths of columns: as wide as their cells, and the widest ones cut until a row fits. */
function fittingWidths(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = head.map((name, index) =>
    cells.reduce((widest, row) => Math.max(widest, (row[index] ?? '').length), name.length),
  );
  const least = head.map((name, index) => {
    if (WHOLE.includes(name)) return MIN_WIDTH;
    return TIME.test(cells[0]?.[index] ?? '') ? TIME_WIDTH : Math.max(LEAST_WIDTH, name.length);
  });
  const excess = widths.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  const left = cutTo(
    least.map((one) => Math.max(one, MIN_WIDTH)),
    widths,
    excess,
  );
  cutTo(least, widths, left);
  return widths;
}

/** Cuts the widest columns, one character at a time, not below their least widths. Returns the excess that is left. */
function cutTo(least: readonly number[], widths: number[], excess: number): number {
  for (let left = excess; left > 0; left--) {
    const widest = widths.reduce<number>((best, width, index) => {
      if (width <= (least[index] ?? 0)) return best;
      return best < 0 || width > (widths[best] ?? 0) ? index : best;
    }, -1);
    if (widest < 0) return left;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return 0;
}

/** Columns with a value in some row. */
function worthShowing(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): boolean[] {
  return head.map((_, index) => rows.some((row) => row[index] !== null && row[index] !== ''));
}

function cut(cell: string, width: number): string {
  if (cell.length > width && TIME.test(cell)) return cell.slice(0, TIME_WIDTH);
  return cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
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
