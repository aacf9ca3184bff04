import { textTable } from '../command/text-table.js';

/** The columns of rows: those of the first one, because every row of a result has all. */
function columnsOf(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  return Object.keys(rows[0] ?? {});
}

/** A result for a terminal: columns aligned, nested values as JSON, NULL as a dash. */
export function renderRows(rows: readonly Readonly<Record<string, unknown>>[]): string {
  if (rows.length === 0) return 'No rows.';
  const columns = columnsOf(rows);
  return textTable(
    columns,
    rows.map((row) => columns.map((name) => cellOf(row[name]))),
  );
}

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * A result as CSV with a line of names: fields with a comma, a quote or a line break are quoted. NULL is empty, and empty
 * text is `""`. Source: RFC 4180.
 */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = columnsOf(rows);
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return lines.map((line) => line.map(csvField).join(',')).join('\n');
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
