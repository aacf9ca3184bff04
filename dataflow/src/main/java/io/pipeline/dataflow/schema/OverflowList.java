package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Collects the overflow of one event while it is fitted. */
final class OverflowList {
  /**
   * Entries are kept up to this multiple of the size of a row, because their pointers repeat keys
   * that hostile events make long.
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

  /** Returns the entries in the event's order. */
  List<OverflowEntry> entries() {
    return List.copyOf(entries);
  }

  /** True if the overflow exceeds the size of a row; the entries are then incomplete. */
  boolean isTruncated() {
    return pointers > maxPointers;
  }

  /** True if a value's source text is needed but the walk has no positions. */
  boolean needsSource() {
    return needsSource;
  }

  /** Extra bytes of its numbers as written in the event, compared with their JSON form. */
  long spelling() {
    return spelling;
  }
}
