package io.pipeline.dataflow.model;

/** What a held event waits for. */
public enum Wait {
  /** Its table or a column of it: at most until the wait limit, counted from its publish time. */
  SCHEMA,
  /**
   * BigQuery's writers or BigQuery itself: at most as long again, counted from the first refusal.
   */
  WRITER
}
