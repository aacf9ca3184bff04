package io.pipeline.dataflow.schema;

import java.util.Map;

/**
 * The children of the table or of a RECORD, by event key; those of the table without the pipeline's
 * own.
 */
public final class CompiledRecord {
  final CompiledColumn[] columns;
  final Map<String, CompiledColumn> byKey;

  /** Columns whose key is only known by its SHA-256; null when there are none. */
  final Map<String, CompiledColumn> byKeySha256;

  /** REQUIRED children: what a row may not leave out. */
  final CompiledColumn[] required;

  final int childCount;

  /** Takes no new children: closed by its description, or full. */
  final boolean isClosed;

  /** RECORD level: 0 for the table itself. */
  final int depth;

  CompiledRecord(
      CompiledColumn[] columns,
      Map<String, CompiledColumn> byKey,
      Map<String, CompiledColumn> byKeySha256,
      CompiledColumn[] required,
      int childCount,
      boolean isClosed,
      int depth) {
    this.columns = columns;
    this.byKey = byKey;
    this.byKeySha256 = byKeySha256;
    this.required = required;
    this.childCount = childCount;
    this.isClosed = isClosed;
    this.depth = depth;
  }

  public int size() {
    return columns.length;
  }

  public CompiledColumn column(int index) {
    return columns[index];
  }
}
