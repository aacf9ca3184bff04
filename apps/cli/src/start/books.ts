import type { SeenMessages } from './warehouse.adapter.js';

/** What became of every event of this run. */
export interface Books {
  readonly published: number;
  readonly rows: number;
  readonly rejected: number;
  /** Neither row nor dead letter, or never seen by the archive. */
  readonly missing: readonly string[];
}

/**
 * Balance the books: every event that was published or that the archive saw is a row, a rejection, or missing.
 *
 * Shape: 3 published, archive saw all, 2 in tables, 1 rejected → `{published: 3, rows: 2, rejected: 1, missing: []}`.
 */
export function balanceBooks(publishedIds: ReadonlySet<string>, seen: SeenMessages): Books {
  const all = publishedIds.union(seen.received);
  const missing = [...all].filter(
    (id) => !seen.received.has(id) || (!seen.inTables.has(id) && !seen.rejected.has(id)),
  );
  return {
    published: all.size,
    rows: all.intersection(seen.inTables).size,
    rejected: all.intersection(seen.rejected).size,
    missing,
  };
}

/** `300 published, 300 rows, 0 rejected, 0 missing` */
export function describeBooks({ published, rows, rejected, missing }: Books): string {
  return `${published} published, ${rows} rows, ${rejected} rejected, ${missing.length} missing`;
}
