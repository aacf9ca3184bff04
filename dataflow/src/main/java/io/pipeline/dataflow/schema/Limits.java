package io.pipeline.dataflow.schema;

import java.io.Serializable;

/**
 * Limits on the growth that one event or one table may cause.
 *
 * @param maxRecordChildren children of a RECORD before it is closed
 * @param maxLeafColumns leaf columns, the pipeline's own included, before the table is closed
 * @param maxRecordDepth RECORD levels; a field one level deeper is JSON
 * @param maxNewObjectKeys keys of one new object above which it becomes JSON
 * @param maxNewColumns leaf columns that one event may use at all depths; later keys without a
 *     column overflow as SCHEMA_CLOSED
 * @param maxRowBytes bytes of a row as compact UTF-8 JSON
 */
public record Limits(
    int maxRecordChildren,
    int maxLeafColumns,
    int maxRecordDepth,
    int maxNewObjectKeys,
    int maxNewColumns,
    int maxRowBytes)
    implements Serializable {
  /**
   * The default limits.
   *
   * <p>Source: BigQuery quotas (10,000 columns, 15 nested levels, 10 MB per append request), read
   * 2026-11-23; the smaller values leave room for hand-made columns and for the request around a
   * row.
   */
  public static final Limits DEFAULT = new Limits(500, 5_000, 15, 300, 1_000, 9_500_000);
}
