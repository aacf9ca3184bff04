package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import java.time.Instant;

/** The whole row of one event: the pipeline's columns, and what fits. */
public final class RowBuilder {
  private RowBuilder() {}

  /** Outcomes: a row, or {@code TOO_LARGE} when it would exceed the limits' {@code maxRowBytes}. */
  public static BuiltRow build(
      MessageMeta message, Event event, Fitted fitted, Instant ingestTime) {
    return null; // in work
  }
}
