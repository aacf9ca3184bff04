import { waitingWords, type ColumnLine, type TableOverview, type WaitingValues } from '@pipeline/books';
import { printable } from '../command/printable.js';
import { textTable } from '../command/text-table.js';

/** A table, with the values that wait in its rows of the last days; null if none do. */
export type TableLine = TableOverview & { readonly waiting: WaitingValues | null };

export function renderTables(tables: readonly TableLine[]): string {
  if (tables.length === 0) return 'No event table yet: the first event makes the first table.';
  const isWaiting = tables.some(({ waiting }) => waiting !== null);
  return textTable(
    ['table', 'columns', 'created', ...(isWaiting ? ['values that wait'] : [])],
    tables.map(({ table, columns, createdAt, waiting }) => [
      table,
      columns,
      createdAt.slice(0, 19).replace('T', ' '),
      ...(isWaiting ? [waiting === null ? '' : printable(waitingWords(waiting))] : []),
    ]),
  );
}

export function renderColumns(table: string, isClosed: boolean, columns: readonly ColumnLine[]): string {
  const body = textTable(
    ['column', 'type', 'mode', 'description'],
    columns.map(({ path, type, mode, description }) => [path, type, mode, description]),
  );
  return `${printable(table)}${isClosed ? ' (closed: takes no new columns)' : ''}\n\n${body}`;
}
