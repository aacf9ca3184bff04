package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import java.util.List;

/** Assigns every leaf of an event to its column, to a pending change, or to the overflow. */
public final class Fitter {
  private Fitter() {}

  /**
   * Pure; never throws. If nothing is pending and nothing overflows, the table holds the whole
   * event. Linear in the size of the event.
   */
  public static Fitted fit(Event event, CompiledSchema compiled, FitOptions options) {
    if (event.match() instanceof WrittenFields written && written.compiled() == compiled) {
      return new Fitted(null, written, List.of(), List.of(), false, 0, compiled);
    }
    return fitParsed(event, compiled, options);
  }

  /** Fits the event's tree, whether or not its bytes matched. */
  static Fitted fitParsed(Event event, CompiledSchema compiled, FitOptions options) {
    boolean pendingToOverflow = options.pendingToOverflow();
    Fitted fitted = new FitTree(event, compiled, pendingToOverflow).fit(event.root());
    if (fitted != null) {
      return fitted;
    }
    // The overflow needs the source text of a value: parse again with positions. Few events need
    // this.
    return new FitTree(event, compiled, pendingToOverflow).fit(event.placedRoot());
  }
}
