package io.pipeline.dataflow.model;

/**
 * Why the job gave a message up, beside the codes of {@code decode} and {@code fit}.
 *
 * <p>Each has a way back: a replay, once its cause is gone.
 */
public enum DeadLetterReason {
  /**
   * The table did not come into being before the wait limit: table-manager is down, or may not
   * create it.
   */
  TABLE_MISSING,
  /** BigQuery refused the row, with the words in the detail. */
  APPEND_REJECTED,
  /** BigQuery could not be reached, or had not the rights, until the wait limit. */
  APPEND_FAILED
}
