package io.pipeline.dataflow.store;

/** What a worker knows of a table. */
public sealed interface TableView {

  /** It is there. */
  record Present(KnownTable table) implements TableView {}

  /** It is not there: normal for the first events of a type. */
  record Missing() implements TableView {}

  /** BigQuery could not be asked, or did not grant the right. */
  record Unreadable(String message) implements TableView {}
}
