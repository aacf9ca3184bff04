package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;

/**
 * Decides for every leaf of an event: into its column, waiting for a change, or into the overflow.
 */
public final class Fitter {
  private Fitter() {}

  /**
   * Pure and total: it throws for no decoded event and no schema. Nothing pending and no overflow
   * means that the table holds the whole event. Linear in the size of the event.
   */
  public static Fitted fit(Event event, CompiledSchema compiled, FitOptions options) {
    boolean isWaitOver = options.pendingToOverflow();
    Fitted fitted = new FitTree(event, compiled, isWaitOver).fit(event.root());
    if (fitted != null) {
      return fitted;
    }
    // The overflow needs the exact text of a value: read again, with places, which nearly no event
    // needs.
    return new FitTree(event, compiled, isWaitOver).fit(event.placedRoot());
  }
}
