package io.pipeline.dataflow.json;

/**
 * An event that passed every check: one JSON object with an event type. Made by {@link
 * EventDecoder} only.
 */
public final class Event {
  private final String eventType;
  private final String attributesJson;
  private final byte[] data;
  private final JsonNode.Obj root;
  private final boolean isCloudEvent;

  Event(
      String eventType,
      String attributesJson,
      byte[] data,
      JsonNode.Obj root,
      boolean isCloudEvent) {
    this.eventType = eventType;
    this.attributesJson = attributesJson;
    this.data = data;
    this.root = root;
    this.isCloudEvent = isCloudEvent;
  }

  public String eventType() {
    return eventType;
  }

  /**
   * The {@code _attributes} column's JSON text: the published ones, and a CloudEvent's own as
   * {@code ce-*}.
   */
  public String attributesJson() {
    return attributesJson;
  }

  /** The event's own object; a CloudEvent's {@code data}. */
  public JsonNode.Obj root() {
    return root;
  }

  /** Bytes of the whole message's data. */
  public int size() {
    return data.length;
  }

  boolean isCloudEvent() {
    return isCloudEvent;
  }
}
