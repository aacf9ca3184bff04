package io.pipeline.dataflow.store;

import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.HeldEvent;
import io.pipeline.dataflow.model.RoutedEvent;
import io.pipeline.dataflow.model.Wait;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An event on its way into its table.
 *
 * @param waitsFor what it waited for until now; null for one that did not wait
 * @param round how often it was judged again since it was picked up
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

  /** The same without the parsed event, which takes more room than its bytes. */
  Attempt withoutParsed() {
    return new Attempt(event.withoutParsed(), waitsFor, sinceMs, round);
  }

  /** Held on; a wait of the same kind has begun when it began. */
  HeldEvent hold(Wait what, long nowMs, String why) {
    return new HeldEvent(event.withoutParsed(), what, waitsFor == what ? sinceMs : nowMs, why);
  }

  DeadLetter reject(String reason, String stage, String detail) {
    return DeadLetter.of(event.envelope(), reason, stage, detail, event.eventType(), event.table());
  }
}
