package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * One change to make to a table; {@code column} and {@code from}, {@code to} where the kind has
 * them.
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
