package io.pipeline.dataflow.model;

/** The cause of a wait. */
public enum Wait {
  /** The table does not exist; ends at the wait limit, counted from the delivery. */
  SCHEMA,
  /**
   * BigQuery's writers, or BigQuery itself; ends after the wait limit, counted from the first
   * refusal.
   */
  WRITER
}
