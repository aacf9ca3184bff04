package io.pipeline.dataflow.schema;

/**
 * Options of {@link Fitter#fit}.
 *
 * @param pendingToOverflow true moves pending leaves to the overflow as {@code AWAITING_COLUMN}
 */
public record FitOptions(boolean pendingToOverflow) {
  /** Lists pending leaves and leaves them out of the row. */
  public static final FitOptions LIST_PENDING = new FitOptions(false);

  /** Moves pending leaves to the overflow. */
  public static final FitOptions PENDING_TO_OVERFLOW = new FitOptions(true);
}
