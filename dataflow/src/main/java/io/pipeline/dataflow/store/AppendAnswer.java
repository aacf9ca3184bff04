package io.pipeline.dataflow.store;

import java.util.Map;

/** What became of an append. */
public sealed interface AppendAnswer {

  /** Every row is stored. */
  record Stored() implements AppendAnswer {}

  /**
   * The writers of BigQuery do not know the table, or a column of it, though it was read: normal
   * for minutes after a change. No row is stored. Source: BigQuery, "Storage Write API best
   * practices", read 2026-11-23.
   */
  record NotYet(boolean tableUnknown, String message) implements AppendAnswer {}

  /**
   * These rows were refused, with BigQuery's words by index; no row is stored, the others may be
   * sent again.
   */
  record RowsRefused(Map<Integer, String> messages) implements AppendAnswer {}

  /** The request was refused for good. No row is stored. */
  record Refused(String message) implements AppendAnswer {}

  /**
   * BigQuery could not be reached, was busy, or did not grant the right. Rows may be stored or not.
   */
  record Unavailable(String message) implements AppendAnswer {}
}
