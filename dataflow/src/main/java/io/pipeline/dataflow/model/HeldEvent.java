package io.pipeline.dataflow.model;

/**
 * An event that cannot be stored yet.
 *
 * @param sinceMs when this wait began, milliseconds since 1970
 * @param why for the dead letter that it may become: holds no value of the event
 */
public record HeldEvent(RoutedEvent event, Wait waitsFor, long sinceMs, String why) {
  /** Bytes beside the payload that one held event is reckoned with. */
  private static final long OVERHEAD_BYTES = 200;

  /** Bytes that it takes in the state of the job, roughly. */
  public long sizeBytes() {
    return event.envelope().data().size() + OVERHEAD_BYTES;
  }
}
