/** Bounds of what one event or one table may use. */
export interface Limits {
  /** Children that a RECORD may have before it is closed. */
  readonly maxRecordChildren: number;
  /** Leaf columns (everything but RECORDs, the pipeline's own included) before the table is closed; BigQuery has 10,000. */
  readonly maxLeafColumns: number;
  /** RECORD levels; the field that would be one deeper is JSON. BigQuery has 15. */
  readonly maxRecordDepth: number;
  /** Keys of one new object above which it becomes JSON. */
  readonly maxNewObjectKeys: number;
  /** Leaf columns that one event may use at all depths; later keys without a column overflow as SCHEMA_CLOSED. */
  readonly maxNewColumns: number;
  /** Bytes of a row as compact UTF-8 JSON. */
  readonly maxRowBytes: number;
}

/**
 * The default limits.
 *
 * Source: BigQuery quotas (10,000 columns, 15 nested levels, 10 MB per append request), read 2026-11-22; the smaller
 * figures leave room for people's own columns and for the request around a row.
 */
export const DEFAULT_LIMITS: Limits = {
  maxRecordChildren: 500,
  maxLeafColumns: 5_000,
  maxRecordDepth: 15,
  maxNewObjectKeys: 300,
  maxNewColumns: 1_000,
  maxRowBytes: 9_500_000,
};
