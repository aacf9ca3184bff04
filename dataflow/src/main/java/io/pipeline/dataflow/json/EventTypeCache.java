package io.pipeline.dataflow.json;

import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Remembers event types by their bytes, so that a string is made and checked once for a type and
 * not once for an event. Thread-safe: threads that overwrite each other's slots lose time only.
 */
final class EventTypeCache {
  /** A power of two; a slot has the last type with its hash. */
  private static final int SLOTS = 1_024;

  private static final int MAX_BYTES = 64;

  private final String[] types = new String[SLOTS];

  /** Returns the text of the bytes, which must be UTF-8, or null if it is not an event type. */
  @Nullable String typeOf(byte[] bytes, int from, int to) {
    if (to - from > MAX_BYTES) {
      return checked(bytes, from, to);
    }
    int hash = to - from;
    for (int at = from; at < to; at++) {
      hash = hash * 31 + bytes[at];
    }
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    String known = types[slot];
    if (known != null && isText(known, bytes, from, to)) {
      return known;
    }
    String text = checked(bytes, from, to);
    if (text != null) {
      types[slot] = text;
    }
    return text;
  }

  private static @Nullable String checked(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return EventTypeSources.isEventType(text) ? text : null;
  }

  /** True for ASCII only: other texts have fewer characters than bytes. */
  private static boolean isText(String text, byte[] bytes, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
