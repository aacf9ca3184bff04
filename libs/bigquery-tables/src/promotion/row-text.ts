import type { SqlRow } from '@pipeline/google-clients';

/** The text of a column that is a STRING, DATE or TIMESTAMP; empty if the row has none. */
export function textOf(row: SqlRow, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}
