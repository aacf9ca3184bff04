package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** What of one event is not in a column, while it is fitted. */
final class OverflowList {
  /**
   * Entries are kept up to so many times the size of a row: their pointers repeat keys, which
   * hostile events make long.
   */
  private static final int HEADROOM = 4;

  private final Event event;
  private final long maxPointers;
  private final List<OverflowEntry> entries = new ArrayList<>();
  private long pointers;
  private long spelling;
  private boolean needsSource;

  OverflowList(Event event, Limits limits) {
    this.event = event;
    this.maxPointers = (long) HEADROOM * limits.maxRowBytes();
  }

  void add(JsonNode node, OverflowReason reason, Place place) {
    if (isTruncated() || needsSource) {
      return;
    }
    String pointer = place.pointer();
    pointers += pointer.length();
    if (isTruncated()) {
      return;
    }
    if (node.isKeptByJson()) {
      String value = JsonWriter.write(node);
      spelling += RowBytes.ofNumbers(node) - RowBytes.ofCanonicalNumbers(node);
      entries.add(new OverflowEntry(pointer, reason, value, null));
    } else if (node.start() < 0) {
      needsSource = true;
    } else {
      entries.add(new OverflowEntry(pointer, reason, null, event.source(node)));
    }
  }

  /** In the event's order. */
  List<OverflowEntry> entries() {
    return List.copyOf(entries);
  }

  /** Is it more than a row can hold? The entries are then not all there. */
  boolean isTruncated() {
    return pointers > maxPointers;
  }

  /** Is a value's exact text needed, by a walk that does not know its place? */
  boolean needsSource() {
    return needsSource;
  }

  /** Bytes that its numbers have more as the event wrote them than as JSON. */
  long spelling() {
    return spelling;
  }
}
