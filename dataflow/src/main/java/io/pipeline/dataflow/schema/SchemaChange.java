package io.pipeline.dataflow.schema;

import java.util.List;

/**
 * A change that one event waits for. {@code path} is made of event keys from the table's root down,
 * without indexes.
 */
public sealed interface SchemaChange {
  List<String> path();

  /** A column (or nested field) for the last key of the path. */
  record Add(List<String> path, Shape shape) implements SchemaChange {}

  /** The column of the path to a wider number type. */
  record Widen(List<String> path, ColumnType to) implements SchemaChange {}

  /** The REQUIRED column {@code name} of the record that the path leads to becomes NULLABLE. */
  record Relax(List<String> path, String name) implements SchemaChange {}
}
