package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Collects the overflow of one event while it is fitted. */
final class OverflowList {
  /** Bytes of an entry besides pointer, reason and content: {@code :{"reason":"",},}. */
  private static final int ENTRY_BYTES = ":{\"reason\":\"\",},".length();

  private final Event event;
  private final long maxBytes;
  private final List<OverflowEntry> entries = new ArrayList<>();
  private long bytes;
  private long spelling;
  private boolean needsSource;

  OverflowList(Event event, Limits limits) {
    this.event = event;
    this.maxBytes = limits.maxRowBytes();
  }

  void add(JsonNode node, OverflowReason reason, Place place) {
    if (isTruncated() || needsSource) {
      return;
    }
    if (!node.isKeptByJson() && node.start() < 0) {
      needsSource = true;
      return;
    }
    String pointer = place.pointer();
    bytes += ENTRY_BYTES + reason.name().length() + RowBytes.ofText(pointer);
    if (node.isKeptByJson()) {
      bytes += "\"value\":".length() + RowBytes.ofJson(node);
      if (!isTruncated()) {
        spelling += RowBytes.ofNumbers(node) - RowBytes.ofCanonicalNumbers(node);
        entries.add(new OverflowEntry(pointer, reason, JsonWriter.write(node), null));
      }
      return;
    }
    String literal = event.source(node);
    bytes += "\"literal\":".length() + RowBytes.ofText(literal);
    if (!isTruncated()) {
      entries.add(new OverflowEntry(pointer, reason, null, literal));
    }
  }

  /** Returns the entries in the event's order. */
  List<OverflowEntry> entries() {
    return List.copyOf(entries);
  }

  /** True if the overflow exceeds the size of a row; the entries are then incomplete. */
  boolean isTruncated() {
    return bytes > maxBytes;
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
