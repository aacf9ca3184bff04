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
/** A cut column keeps at least this: a message id, a time to the minute. */
const MIN_WIDTH = 20;

/**
 * Rows under a head, columns aligned, numbers to the right. Every cell is {@link printable} and one line. On a terminal the widest
 * texts are cut until a row fits its width, unless `--wide` is given.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  width = outputWidth(),
): string {
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

/** Widths of columns: as wide as their cells, and the widest ones cut until a row fits. */
function fittingWidths(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = head.map((name, index) =>
    cells.reduce((widest, row) => Math.max(widest, (row[index] ?? '').length), name.length),
  );
  let excess = widths.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const before = widths[widest] ?? 0;
    if (before <= MIN_WIDTH) break;
    widths[widest] = Math.max(MIN_WIDTH, head[widest]?.length ?? 0, before - 1);
    if (widths[widest] === before) break;
    excess--;
  }
  return widths;
}

function cut(cell: string, width: number): string {
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
