package io.pipeline.dataflow.json;

import org.checkerframework.checker.nullness.qual.Nullable;

/** Compares the bytes of an event with the schema of its type, without parsing them. */
@FunctionalInterface
public interface EventMatcher {
  /**
   * Returns a match only if the bytes certainly are one JSON object without duplicate keys, and
   * every value fits its column as it is. Null means "unknown": use the parser.
   *
   * @param eventType valid for an event that matches
   * @param data UTF-8 without a byte order mark; must not change afterwards
   */
  @Nullable EventMatch match(String eventType, byte[] data);
}
