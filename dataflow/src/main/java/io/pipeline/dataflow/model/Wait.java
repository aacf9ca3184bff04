package io.pipeline.dataflow.model;

/** The cause of a wait. */
public enum Wait {
  /** The table does not exist; ends at the wait limit, counted from the delivery. */
  SCHEMA,
  /** A column is missing or too narrow; ends at the column grace, counted from the delivery. */
  COLUMN,
  /**
   * BigQuery's writers, or BigQuery itself; ends after the wait limit, counted from the first
   * refusal.
   */
  WRITER
}
