package io.pipeline.dataflow.model;

/**
 * Reasons of the append stage, besides the codes of {@code decode} and {@code fit}.
 *
 * <p>Each can be replayed once its cause is fixed.
 */
public enum DeadLetterReason {
  /**
   * The table did not exist when the wait limit expired: table-manager is down, or may not create
   * it.
   */
  TABLE_MISSING,
  /** The table does not exist, and a contract rejects new event types. */
  TYPE_NOT_ALLOWED,
  /** BigQuery refused the row; the detail has its message. */
  APPEND_REJECTED,
  /** BigQuery was unreachable or denied permission until the wait limit. */
  APPEND_FAILED
}
