package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.Rejection;
import io.pipeline.dataflow.json.RejectionCode;
import java.time.Instant;

/** Builds the complete row of one event: the pipeline's columns and the values that fit. */
public final class RowBuilder {
  private RowBuilder() {}

  /** Returns a row, or {@code TOO_LARGE} if it would exceed the limit {@code maxRowBytes}. */
  public static BuiltRow build(
      MessageMeta message, Event event, Fitted fitted, Instant ingestTime) {
    if (fitted.isTruncated()) {
      return tooLarge(event);
    }
    Row row =
        new Row(
            message.messageId(),
            micros(message.publishTime()),
            event.eventType(),
            micros(ingestTime),
            event.attributesJson(),
            OverflowText.of(fitted.overflow()),
            fitted.row(),
            fitted.written(),
            fitted.compiled());
    if (row.overflowJson() == null
        && RowBytes.bound(row, event) <= fitted.compiled().limits().maxRowBytes()) {
      return new BuiltRow(row, null);
    }
    if (fitted.written() != null) {
      // It must be measured value by value.
      Fitted parsed = Fitter.fitParsed(event, fitted.compiled(), FitOptions.LIST_PENDING);
      return build(message, event, parsed, ingestTime);
    }
    int max = fitted.compiled().limits().maxRowBytes();
    return RowBytes.of(row, event, message, fitted.overflowSpelling()) > max
        ? tooLarge(event)
        : new BuiltRow(row, null);
  }

  private static BuiltRow tooLarge(Event event) {
    Rejection rejection =
        new Rejection(
            RejectionCode.TOO_LARGE, "the row is too large for one append", event.eventType());
    return new BuiltRow(null, rejection);
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }
}
