package io.pipeline.dataflow.json;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes a message's data as one event.
 *
 * <p>Shape: {@code {"event_type":"order",…}}, any object with the attribute {@code event_type}, or
 * a CloudEvent whose {@code data} is the event; {@link EventTypeSources} sets other places. Data
 * with the attribute {@code content-encoding: gzip} is unpacked, and a byte order mark is skipped.
 * Never throws. Keeps the array, which must not change afterwards.
 */
public final class EventDecoder {
  private EventDecoder() {}

  /** Decodes with the default sources of the event type. */
  public static Decoded decode(byte[] data, Map<String, String> attributes) {
    return decode(data, attributes, EventTypeSources.DEFAULT);
  }

  /**
   * Returns an event, or the first code of {@link RejectionCode} that applies. Linear in the size
   * of the data.
   */
  public static Decoded decode(
      byte[] packed, Map<String, String> attributes, EventTypeSources sources) {
    return decode(packed, attributes, sources, null);
  }

  /**
   * Decodes with a matcher, which changes no result: an event that matches is checked, fitted and
   * written in one walk over its bytes, and is not parsed.
   */
  public static Decoded decode(
      byte[] packed,
      Map<String, String> attributes,
      EventTypeSources sources,
      @Nullable EventMatcher matcher) {
    Unpack.Result unpacked = Unpack.of(packed, attributes);
    if (unpacked.rejection != null) {
      return unpacked.rejection;
    }
    byte[] data = unpacked.bytes;
    int text = Utf8Text.inspect(data);
    if (text == Utf8Text.NOT_UTF8) {
      return Decoded.rejected(RejectionCode.NOT_UTF8, NotJson.describeNotUtf8(data));
    }
    if (data.length > JsonScan.MIN_BYTES_OF_TOO_MANY_VALUES) {
      Decoded refused = refusal(JsonScan.of(data));
      if (refused != null) {
        return refused;
      }
    }
    Event matched = matcher == null ? null : match(data, attributes, sources, matcher);
    if (matched != null) {
      return Decoded.of(matched);
    }
    TreeReader.Tree tree = TreeReader.read(data, text == Utf8Text.HAS_ESCAPE, false);
    if (tree == null) {
      Decoded refused = refusal(JsonScan.of(data));
      return refused == null
          ? Decoded.rejected(RejectionCode.NOT_JSON, NotJson.describe(data))
          : refused;
    }
    if (tree.hasDuplicateKey()) {
      return Decoded.rejected(RejectionCode.DUPLICATE_KEY, NotJson.describeDuplicate(data));
    }
    if (tree.hasKeyNotUnicode()) {
      return Decoded.rejected(RejectionCode.KEY_NOT_UNICODE, NotJson.describeKeyNotUnicode(data));
    }
    if (!(tree.root() instanceof JsonNode.Obj message)) {
      return Decoded.rejected(RejectionCode.NOT_AN_OBJECT, NotJson.describeRoot(tree.root()));
    }
    return decodeMessage(message, data, attributes, sources);
  }

  private static @Nullable Event match(
      byte[] data, Map<String, String> attributes, EventTypeSources sources, EventMatcher matcher) {
    String eventType = UnparsedEventType.find(data, attributes, sources);
    EventMatch match = eventType == null ? null : matcher.match(eventType, data);
    return match == null ? null : new Event(eventType, textOf(attributes), data, match);
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
      JsonNode.Obj message, byte[] data, Map<String, String> attributes, EventTypeSources sources) {
    FindEventType.Found found = FindEventType.find(message, attributes, sources);
    if (found == null) {
      return Decoded.rejected(RejectionCode.EVENT_TYPE_MISSING, sources + ": none is present");
    }
    String wrongData = found.isStructured() ? dataProblem(message) : null;
    if (wrongData != null) {
      return Decoded.rejected(RejectionCode.NOT_AN_OBJECT, wrongData);
    }
    String eventType = found.eventType();
    if (eventType == null || !EventTypeSources.isEventType(eventType)) {
      return Decoded.rejected(
          RejectionCode.EVENT_TYPE_INVALID, found.source() + " " + typeProblem(eventType));
    }
    String attributesJson =
        found.isStructured()
            ? CloudEvents.attributesJson(message, data, attributes)
            : textOf(attributes);
    return Decoded.of(new Event(eventType, attributesJson, data, message, found.isStructured()));
  }

  /** Returns the reason why a CloudEvent's data is not an event, or null. */
  private static String dataProblem(JsonNode.Obj message) {
    if (present(message.get("data_base64")) != null) {
      return "the CloudEvent's data is binary";
    }
    JsonNode content = present(message.get("data"));
    return content == null || content instanceof JsonNode.Obj
        ? null
        : "the CloudEvent's data is of kind " + nameOf(content) + ", not an object";
  }

  private static JsonNode present(JsonNode node) {
    return node instanceof JsonNode.Null ? null : node;
  }

  private static String typeProblem(String eventType) {
    if (eventType == null) {
      return "is not a string";
    }
    if (eventType.length() > EventTypeSources.MAX_EVENT_TYPE) {
      return "has "
          + eventType.length()
          + " characters; at most "
          + EventTypeSources.MAX_EVENT_TYPE
          + " are allowed";
    }
    return Utf8Text.isUnicode(eventType)
        ? "has no letter and no digit"
        : "holds an unpaired surrogate";
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
