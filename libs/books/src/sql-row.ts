import type { SqlRow } from '@pipeline/google-clients';

/** The text of a column; '' where it has none. */
export function textOf(row: SqlRow | undefined, name: string): string {
  return textOrNull(row, name) ?? '';
}

export function textOrNull(row: SqlRow | undefined, name: string): string | null {
  const value = row?.[name];
  return typeof value === 'string' ? value : null;
}

/** The number of a column; 0 where it has none. */
export function numberOf(row: SqlRow | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}
