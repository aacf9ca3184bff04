package io.pipeline.dataflow.json;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the event type of a message by its configured sources. */
final class FindEventType {
  /** An index of an array as RFC 6901 writes it. */
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  private FindEventType() {}

  /**
   * The first source that is present.
   *
   * @param eventType null if its value is not a string
   * @param isStructured true for a structured CloudEvent, whose {@code data} is the event
   */
  record Found(EventTypeSource source, String eventType, boolean isStructured) {}

  /** Returns null if no source is present. */
  static Found find(
      JsonNode.Obj message, Map<String, String> attributes, EventTypeSources sources) {
    for (EventTypeSource source : sources.sources()) {
      Found found = find(source, message, attributes);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Found find(
      EventTypeSource source, JsonNode.Obj message, Map<String, String> attributes) {
    if (source instanceof EventTypeSource.Field field) {
      JsonNode node = nodeAt(message, field.path());
      return node == null ? null : new Found(source, textOf(node), false);
    }
    if (source instanceof EventTypeSource.Constant constant) {
      return new Found(source, constant.eventType(), false);
    }
    if (source instanceof EventTypeSource.Attribute attribute) {
      String eventType = attributes.get(attribute.name());
      return eventType == null ? null : new Found(source, eventType, false);
    }
    // Source: CloudEvents Pub/Sub protocol binding, read 2026-11-29.
    String bound = attributes.containsKey("ce-specversion") ? attributes.get("ce-type") : null;
    if (bound != null) {
      return new Found(source, bound, false);
    }
    return CloudEvents.isCloudEvent(message)
        ? new Found(source, textOf(message.get("type")), true)
        : null;
  }

  /** Returns the value at a path of keys and array indexes; null counts as absent. */
  private static JsonNode nodeAt(JsonNode root, List<String> path) {
    JsonNode node = root;
    for (String step : path) {
      if (node instanceof JsonNode.Obj object) {
        node = object.get(step);
      } else if (node instanceof JsonNode.Array array && INDEX.matcher(step).matches()) {
        int index = Integer.parseInt(step);
        node = index < array.size() ? array.get(index) : null;
      } else {
        return null;
      }
    }
    return node instanceof JsonNode.Null ? null : node;
  }

  private static String textOf(JsonNode node) {
    return node instanceof JsonNode.Text text ? text.value() : null;
  }
}
