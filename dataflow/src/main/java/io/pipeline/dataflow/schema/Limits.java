package io.pipeline.dataflow.schema;

import java.io.Serializable;

/**
 * Numbers that bound what one event or one table may ask for.
 *
 * @param maxRecordChildren children that a RECORD may have before it is closed
 * @param maxLeafColumns leaf columns, the pipeline's own included, before the table is closed
 * @param maxRecordDepth RECORD levels; the field that would be one deeper is JSON
 * @param maxNewObjectKeys keys of one new object above which it becomes JSON
 * @param maxRowBytes bytes of a row as compact UTF-8 JSON
 */
public record Limits(
    int maxRecordChildren,
    int maxLeafColumns,
    int maxRecordDepth,
    int maxNewObjectKeys,
    int maxRowBytes)
    implements Serializable {
  /**
   * What holds unless a setting says otherwise.
   *
   * <p>Source: BigQuery quotas (10,000 columns, 15 nested levels, 10 MB per append request), read
   * 2026-11-23; the smaller figures leave room for people's own columns and for the request around
   * a row.
   */
  public static final Limits DEFAULT = new Limits(500, 5_000, 15, 300, 9_500_000);
}
