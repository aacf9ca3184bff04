package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.JsonWriter;
import java.util.List;

/** Writes the {@code _overflow} column. */
final class OverflowText {
  private OverflowText() {}

  /**
   * Returns its JSON text, or null if nothing overflowed.
   *
   * <p>Shape: {@code
   * {"/a/0":{"reason":"TYPE_CONFLICT","value":"x"},"/b":{"reason":"NOT_UNICODE","literal":"…"}}}.
   */
  static String of(List<OverflowEntry> entries) {
    if (entries.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    char separator = '{';
    for (OverflowEntry entry : entries) {
      text.append(separator);
      JsonWriter.appendQuoted(entry.pointer(), text);
      text.append(":{\"reason\":\"").append(entry.reason());
      if (entry.value() == null) {
        text.append("\",\"literal\":");
        JsonWriter.appendQuoted(entry.literal(), text);
      } else {
        text.append("\",\"value\":").append(entry.value());
      }
      text.append('}');
      separator = ',';
    }
    return text.append('}').toString();
  }
}
