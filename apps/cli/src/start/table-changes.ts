import type { TableState } from '@pipeline/books';

/** The last thing that happened to a table's columns. */
export interface TableChange {
  readonly what: string;
  readonly atMs: number;
}

/**
 * Describes the change between two states of a table in a few words; `undefined` if nothing changed.
 *
 * Shape: `created`; `+ coupon_code`; `+ 3 columns`; `total: INT64 → NUMERIC`.
 */
export function describeChange(before: TableState | undefined, after: TableState): string | undefined {
  if (before?.createdAtMs !== after.createdAtMs) return 'created';
  const added = [...after.columns.keys()].filter((path) => !before.columns.has(path));
  if (added.length > 1) return `+ ${added.length} columns`;
  if (added[0] !== undefined) return `+ ${added[0]}`;
  for (const [path, type] of after.columns) {
    const previous = before.columns.get(path);
    // A record's type restates its fields: only the field itself is news.
    if (previous !== undefined && previous !== type && !type.includes('STRUCT<'))
      return `${path}: ${previous} → ${type}`;
  }
  return undefined;
}
