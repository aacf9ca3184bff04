package io.pipeline.dataflow.model;

/** The cause of a wait. */
public enum Wait {
  /** The table or one of its columns; ends at the wait limit, counted from the publish time. */
  SCHEMA,
  /**
   * BigQuery's writers, or BigQuery itself; ends after the wait limit, counted from the first
   * refusal.
   */
  WRITER
}
