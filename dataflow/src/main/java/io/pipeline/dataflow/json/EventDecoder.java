package io.pipeline.dataflow.json;

import java.util.Map;

/**
 * Decodes a message's data as one event.
 *
 * <p>Shape: {@code {"event_type":"order",…}}, any object with the attribute {@code event_type}, or
 * a CloudEvent whose {@code data} is the event. Never throws. Keeps the array, which must not
 * change afterwards.
 */
public final class EventDecoder {
  private static final String EVENT_TYPE = "event_type";

  /** UTF-16 units of an event type: it is in log lines, labels and every row. */
  private static final int MAX_EVENT_TYPE = 1_024;

  private EventDecoder() {}

  /**
   * Returns an event, or the first code of {@link RejectionCode} that applies. Linear in the size
   * of the data.
   */
  public static Decoded decode(byte[] data, Map<String, String> attributes) {
    int text = Utf8Text.inspect(data);
    if (text == Utf8Text.NOT_UTF8) {
      return Decoded.rejected(
          RejectionCode.NOT_UTF8, "the data is not UTF-8, or begins with a byte order mark");
    }
    if (data.length > JsonScan.MIN_BYTES_OF_TOO_MANY_VALUES) {
      Decoded refused = refusal(JsonScan.of(data));
      if (refused != null) {
        return refused;
      }
    }
    TreeReader.Tree tree = TreeReader.read(data, text == Utf8Text.HAS_ESCAPE, false);
    if (tree == null) {
      Decoded refused = refusal(JsonScan.of(data));
      return refused == null
          ? Decoded.rejected(RejectionCode.NOT_JSON, "the data is not one JSON value")
          : refused;
    }
    if (tree.hasDuplicateKey()) {
      return Decoded.rejected(RejectionCode.DUPLICATE_KEY, "a key occurs twice in one object");
    }
    if (tree.hasKeyNotUnicode()) {
      return Decoded.rejected(RejectionCode.KEY_NOT_UNICODE, "a key holds an unpaired surrogate");
    }
    if (!(tree.root() instanceof JsonNode.Obj message)) {
      return Decoded.rejected(
          RejectionCode.NOT_AN_OBJECT,
          "the data is of kind " + nameOf(tree.root()) + ", not an object");
    }
    return decodeMessage(message, data, attributes);
  }

  /** Returns the rejection of a text that no parser may see, or null. */
  private static Decoded refusal(JsonScan scan) {
    if (scan.isTooDeep()) {
      return Decoded.rejected(RejectionCode.TOO_DEEP, "more than 100 levels of brackets");
    }
    return scan.hasTooManyValues()
        ? Decoded.rejected(
            RejectionCode.TOO_LARGE,
            scan.values() + " values; an event may have 250000. Publish it as several events")
        : null;
  }

  private static Decoded decodeMessage(
      JsonNode.Obj message, byte[] data, Map<String, String> attributes) {
    JsonNode field = present(message.get(EVENT_TYPE));
    String attribute = attributes.get(EVENT_TYPE);
    if (field == null && attribute == null) {
      return CloudEvents.isCloudEvent(message)
          ? decodeCloudEvent(message, data, attributes)
          : Decoded.rejected(
              RejectionCode.EVENT_TYPE_MISSING, "neither field nor attribute event_type");
    }
    if (field != null && !(field instanceof JsonNode.Text)) {
      return Decoded.rejected(RejectionCode.EVENT_TYPE_INVALID, "event_type is not a string");
    }
    String eventType = field == null ? attribute : ((JsonNode.Text) field).value();
    if (!isEventType(eventType)) {
      return Decoded.rejected(
          RejectionCode.EVENT_TYPE_INVALID, invalidType("event_type", eventType));
    }
    return Decoded.of(new Event(eventType, textOf(attributes), data, message, false));
  }

  private static Decoded decodeCloudEvent(
      JsonNode.Obj message, byte[] data, Map<String, String> published) {
    JsonNode content = present(message.get("data"));
    if (present(message.get("data_base64")) != null) {
      return Decoded.rejected(RejectionCode.NOT_AN_OBJECT, "the CloudEvent's data is binary");
    }
    if (content != null && !(content instanceof JsonNode.Obj)) {
      return Decoded.rejected(
          RejectionCode.NOT_AN_OBJECT,
          "the CloudEvent's data is of kind " + nameOf(content) + ", not an object");
    }
    String eventType = ((JsonNode.Text) message.get("type")).value();
    if (!isEventType(eventType)) {
      return Decoded.rejected(RejectionCode.EVENT_TYPE_INVALID, invalidType("type", eventType));
    }
    String attributes = CloudEvents.attributesJson(message, data, published);
    return Decoded.of(new Event(eventType, attributes, data, message, true));
  }

  private static JsonNode present(JsonNode node) {
    return node instanceof JsonNode.Null ? null : node;
  }

  /** True for Unicode text of limited length with at least one letter or digit. */
  private static boolean isEventType(String text) {
    return text.length() <= MAX_EVENT_TYPE && Utf8Text.isUnicode(text) && hasLetterOrDigit(text);
  }

  private static String invalidType(String name, String text) {
    if (text.length() > MAX_EVENT_TYPE) {
      return name + " has " + text.length() + " characters; at most 1024 are allowed";
    }
    return Utf8Text.isUnicode(text)
        ? name + " has no letter and no digit"
        : name + " holds an unpaired surrogate";
  }

  private static boolean hasLetterOrDigit(String text) {
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      if (Character.isLetterOrDigit(codePoint)) {
        return true;
      }
      at += Character.charCount(codePoint);
    }
    return false;
  }

  private static String textOf(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return "{}";
    }
    StringBuilder text = new StringBuilder(64);
    char separator = '{';
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      text.append(separator);
      JsonWriter.appendQuoted(attribute.getKey(), text);
      text.append(':');
      JsonWriter.appendQuoted(attribute.getValue(), text);
      separator = ',';
    }
    return text.append('}').toString();
  }

  private static String nameOf(JsonNode node) {
    return switch (node.kind()) {
      case NULL -> "null";
      case BOOLEAN -> "boolean";
      case NUMBER -> "number";
      case STRING -> "string";
      case ARRAY -> "array";
      case OBJECT -> "object";
    };
  }
}
