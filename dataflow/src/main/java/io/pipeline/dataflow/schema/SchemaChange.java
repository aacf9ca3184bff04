package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * A change that one event needs. {@code path} consists of event keys from the table's root down,
 * without indexes.
 */
public sealed interface SchemaChange {
  List<String> path();

  /** Adds a column (or nested field) for the last key of the path. */
  record Add(List<String> path, Shape shape) implements SchemaChange {}

  /** Widens the column at the path to a wider number type. */
  record Widen(List<String> path, ColumnType to) implements SchemaChange {}

  /** Relaxes the REQUIRED column {@code name} of the record at the path to NULLABLE. */
  record Relax(List<String> path, String name) implements SchemaChange {}
}
