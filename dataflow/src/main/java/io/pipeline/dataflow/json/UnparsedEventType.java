package io.pipeline.dataflow.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds the event type in attributes or in the bytes of a message that is not parsed.
 *
 * <p>The result is that of {@link FindEventType} if the bytes are one JSON object without duplicate
 * keys and without escapes in the keys of its members, which {@link EventMatcher} makes sure of;
 * otherwise it means nothing.
 */
final class UnparsedEventType {
  private static final int UNKNOWN = -1;
  private static final int ABSENT = -2;
  private static final EventTypeCache TYPES = new EventTypeCache();

  private final byte[] data;
  private int at;

  private UnparsedEventType(byte[] data) {
    this.data = data;
  }

  /** Returns null for a message that must be parsed first. */
  static @Nullable String find(
      byte[] data, Map<String, String> attributes, EventTypeSources sources) {
    for (EventTypeSource source : sources.sources()) {
      if (source instanceof EventTypeSource.Field field) {
        if (field.path().size() != 1) {
          return null;
        }
        UnparsedEventType walk = new UnparsedEventType(data);
        int start = walk.startOfValue(field.path().get(0));
        if (start != ABSENT) {
          return start == UNKNOWN ? null : TYPES.typeOf(data, start, walk.at);
        }
      } else {
        String eventType = typeOf(source, attributes);
        boolean isLast = source instanceof EventTypeSource.CloudEvent;
        if (eventType != null || isLast) {
          return eventType != null && EventTypeSources.isEventType(eventType) ? eventType : null;
        }
      }
    }
    return null;
  }

  private static @Nullable String typeOf(EventTypeSource source, Map<String, String> attributes) {
    if (source instanceof EventTypeSource.Constant constant) {
      return constant.eventType();
    }
    if (source instanceof EventTypeSource.Attribute attribute) {
      return attributes.get(attribute.name());
    }
    return attributes.containsKey("ce-specversion") ? attributes.get("ce-type") : null;
  }

  /**
   * Returns the offset of the string of the root's member with the key, and leaves {@link #at}
   * after its last byte. UNKNOWN if the value is not a string without escapes.
   */
  private int startOfValue(String key) {
    skipSpace();
    if (next() != '{') {
      return UNKNOWN;
    }
    byte after;
    do {
      skipSpace();
      byte quote = next();
      if (quote == '}') {
        return ABSENT;
      }
      int start = at;
      if (quote != '"' || !skipToQuote()) {
        return UNKNOWN;
      }
      boolean isFound = isText(key, start, at);
      at++;
      skipSpace();
      if (next() != ':') {
        return UNKNOWN;
      }
      skipSpace();
      if (isFound) {
        int text = at + 1;
        return next() == '"' && skipToQuote() ? text : UNKNOWN;
      }
      skipValue();
      after = next();
    } while (after == ',');
    return after == '}' ? ABSENT : UNKNOWN;
  }

  private boolean isText(String text, int from, int to) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return text.equals(new String(data, from, to - from, StandardCharsets.UTF_8));
      }
      if (i >= to - from || text.charAt(i) != data[from + i]) {
        return false;
      }
    }
    return text.length() == to - from;
  }

  private byte next() {
    return at < data.length ? data[at++] : 0;
  }

  private void skipSpace() {
    while (at < data.length && data[at] <= ' ' && data[at] > 0) {
      at++;
    }
  }

  /** Moves to the quote that ends a string; false if the string has an escape. */
  private boolean skipToQuote() {
    while (at < data.length && data[at] != '"') {
      if (data[at] == '\\') {
        return false;
      }
      at++;
    }
    return at < data.length;
  }

  /** Moves to the comma or brace after a member's value. */
  private void skipValue() {
    int depth = 0;
    for (; at < data.length; at++) {
      switch (data[at]) {
        case '"' -> skipString();
        case '{', '[' -> depth++;
        case ',' -> {
          if (depth == 0) {
            return;
          }
        }
        case '}', ']' -> {
          if (depth == 0) {
            return;
          }
          depth--;
        }
        default -> {}
      }
    }
  }

  /** Moves to the quote that ends a string, from the one that begins it. */
  private void skipString() {
    at++;
    while (at < data.length && data[at] != '"') {
      at += data[at] == '\\' ? 2 : 1;
    }
  }
}
