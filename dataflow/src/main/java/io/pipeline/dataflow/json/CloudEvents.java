package io.pipeline.dataflow.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads CloudEvents in structured mode. Source: CloudEvents 1.0.2, section 3, read 2026-11-23. */
final class CloudEvents {
  /** Members that do not become attributes. */
  private static final Set<String> OWN_MEMBERS = Set.of("type", "data", "data_base64");

  private CloudEvents() {}

  /** True if the object itself is a CloudEvent of version 1.0. */
  static boolean isCloudEvent(JsonNode.Obj message) {
    return "1.0".equals(textOf(message, "specversion"))
        && List.of("id", "source", "type").stream().noneMatch(name -> isMissing(message, name));
  }

  private static boolean isMissing(JsonNode.Obj message, String name) {
    String text = textOf(message, name);
    return text == null || text.isEmpty();
  }

  private static String textOf(JsonNode.Obj message, String name) {
    return message.get(name) instanceof JsonNode.Text text ? text.value() : null;
  }

  /**
   * Returns the published attributes and, prefixed {@code ce-}, those of the CloudEvent, with their
   * JSON types, as one JSON text.
   *
   * <p>The prefix is repeated while a published attribute has the name. A value that BigQuery's
   * JSON type would alter is kept as its source text, as in the overflow.
   */
  static String attributesJson(JsonNode.Obj message, byte[] data, Map<String, String> published) {
    boolean isKept = message.isKeptByJson();
    JsonNode.Obj source =
        isKept ? message : (JsonNode.Obj) TreeReader.read(data, true, true).root();
    Map<String, String> texts = new LinkedHashMap<>();
    published.forEach((name, value) -> texts.put(name, JsonWriter.quote(value)));
    for (int i = 0; i < source.size(); i++) {
      String key = source.key(i);
      if (OWN_MEMBERS.contains(key)) {
        continue;
      }
      String name = "ce-" + key;
      while (texts.containsKey(name)) {
        name = "ce-" + name;
      }
      texts.put(name, keptText(source.value(i), data));
    }
    return objectText(texts);
  }

  private static String keptText(JsonNode node, byte[] data) {
    if (node.isKeptByJson()) {
      return JsonWriter.write(node);
    }
    return "{\"literal\":" + JsonWriter.quote(Event.sourceOf(data, node)) + "}";
  }

  private static String objectText(Map<String, String> texts) {
    StringBuilder text = new StringBuilder("{");
    texts.forEach(
        (name, value) -> {
          if (text.length() > 1) {
            text.append(',');
          }
          JsonWriter.appendQuoted(name, text);
          text.append(':').append(value);
        });
    return text.append('}').toString();
  }
}
