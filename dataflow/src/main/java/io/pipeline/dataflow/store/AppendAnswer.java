package io.pipeline.dataflow.store;

import java.util.Map;

/** The outcome of an append. */
public sealed interface AppendAnswer {

  /** Every row is stored. */
  record Stored() implements AppendAnswer {}

  /**
   * BigQuery's writers do not know the table or one of its columns, although it can be read: normal
   * for minutes after a change. No row is stored. Source: BigQuery, "Storage Write API best
   * practices", read 2026-11-23.
   */
  record NotYet(boolean tableUnknown, String message) implements AppendAnswer {}

  /**
   * BigQuery refused these rows; its messages are by index. No row is stored; the others may be
   * sent again.
   */
  record RowsRefused(Map<Integer, String> messages) implements AppendAnswer {}

  /** BigQuery refused the request permanently. No row is stored. */
  record Refused(String message) implements AppendAnswer {}

  /** BigQuery was unreachable, overloaded, or denied permission. Rows may or may not be stored. */
  record Unavailable(String message) implements AppendAnswer {}
}
