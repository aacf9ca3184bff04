package io.pipeline.dataflow.store;

/** The state of a table as known to a worker. */
public sealed interface TableView {

  record Present(KnownTable table) implements TableView {}

  /**
   * The table does not exist: normal for the first events of a type.
   *
   * @param wasKnown true if this worker has seen it: table-manager creates it again
   */
  record Missing(boolean wasKnown) implements TableView {}

  /** BigQuery was unreachable or denied permission. */
  record Unreadable(String message) implements TableView {}
}
