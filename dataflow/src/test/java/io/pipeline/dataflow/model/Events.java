package io.pipeline.dataflow.model;

import com.google.protobuf.ByteString;
import java.util.Map;

/** Events for tests, with fixed defaults. */
public final class Events {
  /** 2026-11-23T02:05:00.123Z. */
  public static final long PUBLISHED_MS = 1_795_399_500_123L;

  private Events() {}

  /** A message of type {@code order} by attribute, published at {@link #PUBLISHED_MS}. */
  public static Envelope envelope(String id, String json) {
    return envelope(id, json, PUBLISHED_MS);
  }

  public static Envelope envelope(String id, String json, long publishedMs) {
    return new Envelope(
        id,
        id,
        publishedMs,
        publishedMs,
        Map.of("event_type", "order"),
        ByteString.copyFromUtf8(json),
        false);
  }

  /** An event for the table {@code orders}. */
  public static RoutedEvent event(String id, String json) {
    return new RoutedEvent(envelope(id, json), "orders", "order");
  }

  /** An event for another table, published at another time. */
  public static RoutedEvent event(String id, String json, String table, long publishedMs) {
    return new RoutedEvent(envelope(id, json, publishedMs), table, "order");
  }
}
