package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * One planned change of a table; {@code column}, {@code from} and {@code to} depend on the kind.
 */
record PlannedChange(
    String kind, List<String> path, Column column, ColumnType from, ColumnType to, String via) {
  static PlannedChange add(List<String> path, Column column) {
    return new PlannedChange("ADD_COLUMN", path, column, null, null, "patch");
  }

  static PlannedChange patch(String kind, List<String> path) {
    return new PlannedChange(kind, path, null, null, null, "patch");
  }

  static PlannedChange widen(List<String> path, ColumnType from, ColumnType to) {
    return new PlannedChange("WIDEN", path, null, from, to, "ddl");
  }
}
