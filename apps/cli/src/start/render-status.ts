import Table from 'cli-table3';
import type { TableChange } from './table-changes.js';
import type { TableState, Totals } from './warehouse.adapter.js';

/** What the live view shows at one moment. */
export interface Status {
  readonly tables: readonly TableState[];
  readonly changes: ReadonlyMap<string, TableChange>;
  readonly published: number;
  readonly totals: Totals;
  readonly nowMs: number;
}

const PLAIN = { head: [], border: [] };

/** The live table: per table rows, columns and the last change; then the totals. */
export function renderStatus({ tables, changes, published, totals, nowMs }: Status): string {
  const table = new Table({
    head: ['table', 'rows', 'columns', 'last change'],
    colAligns: ['left', 'right', 'right', 'left'],
    style: PLAIN,
  });
  for (const { name, rows, columns } of tables) {
    const change = changes.get(name);
    table.push([
      name,
      rows,
      columns.size,
      change === undefined ? '' : `${change.what}, ${ago(nowMs - change.atMs)}`,
    ]);
  }
  const body = tables.length === 0 ? 'No event table yet.' : table.toString();
  return `${body}\npublished ${published}   rows ${totals.rows}   rejected ${totals.rejected}`;
}

/** One line for a terminal that cannot redraw, or a log. */
export function renderProgress({ published, totals }: Pick<Status, 'published' | 'totals'>): string {
  return `published ${published}, archived ${totals.received}, rows ${totals.rows}, rejected ${totals.rejected}`;
}

function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
}
