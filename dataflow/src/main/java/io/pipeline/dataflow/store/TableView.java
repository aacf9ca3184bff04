package io.pipeline.dataflow.store;

/** The state of a table as known to a worker. */
public sealed interface TableView {

  record Present(KnownTable table) implements TableView {}

  /** The table does not exist: normal for the first events of a type. */
  record Missing() implements TableView {}

  /** BigQuery was unreachable or denied permission. */
  record Unreadable(String message) implements TableView {}
}
