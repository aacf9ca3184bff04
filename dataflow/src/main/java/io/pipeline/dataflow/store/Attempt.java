package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An attempt to store an event.
 *
 * @param waitsFor the cause of its wait so far; null if it did not wait
 * @param round retries since it was received
 */
record Attempt(RoutedEvent event, @Nullable Wait waitsFor, long sinceMs, int round) {

  static Attempt first(RoutedEvent event) {
    return new Attempt(event, null, 0, 0);
  }

  static Attempt next(HeldEvent held) {
    return new Attempt(held.event(), held.waitsFor(), held.sinceMs(), 0);
  }

  Attempt again() {
    return new Attempt(event, waitsFor, sinceMs, round + 1);
  }

  /** Returns a copy without the parsed event, which is larger than its bytes. */
  Attempt withoutParsed() {
    return new Attempt(event.withoutParsed(), waitsFor, sinceMs, round);
  }

  /** Holds the event; a wait of the same kind keeps its start time. */
  HeldEvent hold(Wait what, long nowMs, String why) {
    return new HeldEvent(event.withoutParsed(), what, waitsFor == what ? sinceMs : nowMs, why);
  }

  DeadLetter reject(String reason, String stage, String detail) {
    return DeadLetter.of(event.envelope(), reason, stage, detail, event.eventType(), event.table());
  }
}
