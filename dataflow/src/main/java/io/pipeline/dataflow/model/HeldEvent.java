package io.pipeline.dataflow.model;

/**
 * An event that cannot be stored yet.
 *
 * @param sinceMs start of this wait, milliseconds since 1970
 * @param why detail of the dead letter it may become; contains no value of the event
 */
public record HeldEvent(RoutedEvent event, Wait waitsFor, long sinceMs, String why) {
  /** Estimated bytes per held event besides its payload. */
  private static final long OVERHEAD_BYTES = 200;

  /** Returns the approximate size in the state of the job. */
  public long sizeBytes() {
    return event.envelope().data().size() + OVERHEAD_BYTES;
  }
}
