package io.pipeline.dataflow.json;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The places of the event type, in order: the first that is present counts. table-manager has the
 * same setting, {@code EVENT_TYPE_FROM}.
 */
public record EventTypeSources(List<EventTypeSource> sources) implements Serializable {
  /** The default setting. */
  public static final String DEFAULT_TEXT = "field:event_type, attribute:event_type, cloudevent";

  /** {@link #DEFAULT_TEXT}, parsed. */
  public static final EventTypeSources DEFAULT = parse(DEFAULT_TEXT);

  /** UTF-16 units of an event type: it is in log lines, labels and every row. */
  static final int MAX_EVENT_TYPE = 1_024;

  private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

  public EventTypeSources {
    sources = List.copyOf(sources);
  }

  @Override
  public String toString() {
    return sources.stream().map(EventTypeSource::toString).collect(Collectors.joining(", "));
  }

  /**
   * Parses the setting.
   *
   * <p>Shape: {@code field:/meta/kind, attribute:eventType, cloudevent, constant:other}. {@code
   * field:} takes a literal key or, with a leading {@code /}, an RFC 6901 pointer, which may pass
   * through arrays; {@code constant:} comes last. Names with commas or colons need the JSON form:
   * {@code ["field:a:b", "cloudevent"]}. Throws {@link IllegalArgumentException} with the problem.
   */
  public static EventTypeSources parse(String text) {
    List<String> parts = text.stripLeading().startsWith("[") ? jsonParts(text) : listParts(text);
    List<EventTypeSource> sources = parts.stream().map(EventTypeSources::parseSource).toList();
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("no source is listed");
    }
    for (EventTypeSource source : sources.subList(0, sources.size() - 1)) {
      if (source instanceof EventTypeSource.Constant) {
        throw new IllegalArgumentException("constant: must be the last source");
      }
    }
    if (new HashSet<>(sources).size() < sources.size()) {
      throw new IllegalArgumentException("a source is listed twice");
    }
    return new EventTypeSources(sources);
  }

  private static List<String> listParts(String text) {
    List<String> parts = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    for (String part : parts) {
      if (part.indexOf(':') != part.lastIndexOf(':')) {
        throw new IllegalArgumentException(
            part + " has two colons; write the setting as a JSON array of strings");
      }
    }
    return parts;
  }

  private static List<String> jsonParts(String text) {
    List<String> parts = new ArrayList<>();
    if (JsonText.parse(text) instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof JsonNode.Text part) {
          parts.add(part.value());
        }
      }
      if (parts.size() == array.size()) {
        return parts;
      }
    }
    throw new IllegalArgumentException(
        "the setting begins with [ but is not a JSON array of strings");
  }

  private static EventTypeSource parseSource(String part) {
    if (part.equals("cloudevent")) {
      return new EventTypeSource.CloudEvent();
    }
    int colon = part.indexOf(':');
    String kind = part.substring(0, Math.max(0, colon));
    String name = part.substring(colon + 1);
    if (!List.of("field", "attribute", "constant").contains(kind)) {
      throw new IllegalArgumentException(
          JsonWriter.quote(part)
              + " is not field:NAME, field:/POINTER, attribute:NAME, cloudevent or constant:TYPE");
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException(kind + ": has no name");
    }
    return switch (kind) {
      case "attribute" -> new EventTypeSource.Attribute(name);
      case "constant" -> constant(name);
      default -> field(name);
    };
  }

  private static EventTypeSource constant(String eventType) {
    if (!isEventType(eventType)) {
      throw new IllegalArgumentException(JsonWriter.quote(eventType) + " is not an event type");
    }
    return new EventTypeSource.Constant(eventType);
  }

  private static EventTypeSource field(String name) {
    if (!name.startsWith("/")) {
      return new EventTypeSource.Field(List.of(name));
    }
    if (BAD_ESCAPE.matcher(name).find()) {
      throw new IllegalArgumentException(name + " is not a JSON pointer: ~ must be written as ~0");
    }
    return new EventTypeSource.Field(
        Arrays.stream(name.substring(1).split("/", -1))
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList());
  }

  /** True for Unicode text of limited length with at least one letter or digit. */
  static boolean isEventType(String text) {
    return text.length() <= MAX_EVENT_TYPE && Utf8Text.isUnicode(text) && hasLetterOrDigit(text);
  }

  private static boolean hasLetterOrDigit(String text) {
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (Character.isLetterOrDigit(text.codePointAt(at))) {
        return true;
      }
    }
    return false;
  }
}
