package io.pipeline.dataflow.json;

import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An event that passed every check: one JSON object with an event type. Made by {@link
 * EventDecoder} only.
 */
public final class Event {
  private static final JsonNode.Obj NO_DATA = new JsonNode.Obj(new String[0], new JsonNode[0], 0);

  private final String eventType;
  private final String attributesJson;
  private final byte[] data;
  private final boolean isCloudEvent;
  private final @Nullable EventMatch match;

  /** Null until it is needed, for an event that matched. */
  private JsonNode.@Nullable Obj root;

  Event(
      String eventType,
      String attributesJson,
      byte[] data,
      JsonNode.Obj message,
      boolean isCloudEvent) {
    this.eventType = eventType;
    this.attributesJson = attributesJson;
    this.data = data;
    this.root = isCloudEvent ? dataOf(message) : message;
    this.isCloudEvent = isCloudEvent;
    this.match = null;
  }

  /**
   * Creates an event whose bytes matched a schema; it is parsed only if a caller needs its tree.
   */
  Event(String eventType, String attributesJson, byte[] data, EventMatch match) {
    this.eventType = eventType;
    this.attributesJson = attributesJson;
    this.data = data;
    this.isCloudEvent = false;
    this.match = match;
  }

  public String eventType() {
    return eventType;
  }

  /**
   * Returns the JSON text of the {@code _attributes} column: published attributes, and a
   * CloudEvent's own as {@code ce-*}.
   */
  public String attributesJson() {
    return attributesJson;
  }

  /** Returns the event's object; for a CloudEvent, its {@code data}. */
  public JsonNode.Obj root() {
    JsonNode.Obj known = root;
    if (known == null) {
      known = (JsonNode.Obj) TreeReader.read(data, true, false).root();
      root = known;
    }
    return known;
  }

  /** Returns the match that the event was decoded with; null if it was parsed. */
  public @Nullable EventMatch match() {
    return match;
  }

  /**
   * Parses the event again and records the source position of each value, which {@link #source}
   * needs.
   */
  public JsonNode.Obj placedRoot() {
    JsonNode.Obj message = (JsonNode.Obj) TreeReader.read(data, true, true).root();
    return isCloudEvent ? dataOf(message) : message;
  }

  /** Returns the source text of a value of {@link #placedRoot}. */
  public String source(JsonNode node) {
    return sourceOf(data, node);
  }

  /** Returns the size of the message's data in bytes. */
  public int size() {
    return data.length;
  }

  static String sourceOf(byte[] data, JsonNode node) {
    return new String(data, node.start(), node.end() - node.start(), StandardCharsets.UTF_8);
  }

  private static JsonNode.Obj dataOf(JsonNode.Obj message) {
    return message.get("data") instanceof JsonNode.Obj object ? object : NO_DATA;
  }
}
