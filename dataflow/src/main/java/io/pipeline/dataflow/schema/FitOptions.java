package io.pipeline.dataflow.schema;

/**
 * Options of {@link Fitter#fit}.
 *
 * @param pendingToOverflow true moves pending leaves to the overflow as {@code SCHEMA_WAIT_TIMEOUT}
 */
public record FitOptions(boolean pendingToOverflow) {
  /** Lists pending leaves and leaves them out of the row. */
  public static final FitOptions WAITING = new FitOptions(false);

  /** Moves pending leaves to the overflow. */
  public static final FitOptions WAIT_OVER = new FitOptions(true);
}
