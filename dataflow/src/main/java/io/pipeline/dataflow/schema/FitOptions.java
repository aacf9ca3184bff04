package io.pipeline.dataflow.schema;

/**
 * How to fit.
 *
 * @param pendingToOverflow is the wait over: what waits for a change goes to the overflow as {@code
 *     SCHEMA_WAIT_TIMEOUT}
 */
public record FitOptions(boolean pendingToOverflow) {
  /** Pending leaves are left out of the row and listed. */
  public static final FitOptions WAITING = new FitOptions(false);

  /** The wait limit is over. */
  public static final FitOptions WAIT_OVER = new FitOptions(true);
}
