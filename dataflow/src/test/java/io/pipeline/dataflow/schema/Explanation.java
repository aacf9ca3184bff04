package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Decimal;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonText;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lists the leaves of an event, from the event itself and from its row and overflow. Both must be
 * equal.
 */
final class Explanation {
  private final Map<String, Object> leaves = new TreeMap<>();
  private final Map<String, String> keysBySha256 = new HashMap<>();

  private Explanation() {}

  /** Returns every scalar of an event by RFC 6901 pointer. */
  static Map<String, Object> ofEvent(Event event) {
    Explanation explanation = new Explanation();
    explanation.fromJson(event.root(), "");
    return explanation.leaves;
  }

  /**
   * Returns every scalar of row and overflow; {@code event} only resolves keys that are known by
   * hash.
   */
  static Map<String, Object> ofFitted(Event event, Fitted fitted) {
    Explanation explanation = new Explanation();
    explanation.collectKeys(event.root());
    explanation.fromRecord(fitted.row(), "");
    String overflow = OverflowText.of(fitted.overflow());
    if (overflow != null) {
      explanation.fromOverflow((JsonNode.Obj) JsonText.parse(overflow));
    }
    return explanation.leaves;
  }

  private void collectKeys(JsonNode node) {
    if (node instanceof JsonNode.Obj object) {
      for (int i = 0; i < object.size(); i++) {
        keysBySha256.put(Sha256.hex(object.key(i)), object.key(i));
        collectKeys(object.value(i));
      }
    } else if (node instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size(); i++) {
        collectKeys(array.get(i));
      }
    }
  }

  private void fromRecord(RowRecord row, String pointer) {
    for (int i = 0; i < row.record().size(); i++) {
      CompiledColumn column = row.record().column(i);
      Object value = row.value(i);
      if (value == null) {
        continue;
      }
      String key =
          column.note.key() == null && column.note.keySha256() != null
              ? keysBySha256.getOrDefault(column.key, column.key)
              : column.key;
      String at = pointer + "/" + escaped(key);
      if (value instanceof Object[] elements) {
        for (int j = 0; j < elements.length; j++) {
          fromValue(elements[j], column, at + "/" + j);
        }
      } else {
        fromValue(value, column, at);
      }
    }
  }

  private void fromValue(Object value, CompiledColumn column, String pointer) {
    switch (column.type()) {
      case RECORD -> fromRecord((RowRecord) value, pointer);
      case JSON -> fromJson(JsonText.parse((String) value), pointer);
      case INT64 -> put(pointer, Decimal.parse(Long.toString((Long) value)));
      case FLOAT64 -> put(pointer, Decimal.shortestOf((Double) value));
      case NUMERIC, BIGNUMERIC -> put(pointer, Decimal.parse((String) value));
      case STRING -> put(pointer, text((String) value));
      case DATE -> put(pointer, text(LocalDate.ofEpochDay((Integer) value).toString()));
      case DATETIME -> put(pointer, List.of("civil", value));
      case TIMESTAMP -> put(pointer, List.of("instant", value));
      default -> put(pointer, value);
    }
  }

  private void fromOverflow(JsonNode.Obj overflow) {
    for (int i = 0; i < overflow.size(); i++) {
      JsonNode.Obj entry = (JsonNode.Obj) overflow.value(i);
      JsonNode value =
          entry.get("literal") instanceof JsonNode.Text literal
              ? JsonText.parse(literal.value())
              : entry.get("value");
      fromJson(value, overflow.key(i));
    }
  }

  private void fromJson(JsonNode node, String pointer) {
    if (!node.hasScalar()) {
      return;
    }
    if (node instanceof JsonNode.Obj object) {
      for (int i = 0; i < object.size(); i++) {
        fromJson(object.value(i), pointer + "/" + escaped(object.key(i)));
      }
    } else if (node instanceof JsonNode.Array array) {
      for (int i = 0; i < array.size(); i++) {
        fromJson(array.get(i), pointer + "/" + i);
      }
    } else {
      put(pointer, Canonical.json(node));
    }
  }

  private void put(String pointer, Object leaf) {
    if (leaves.put(pointer, leaf) != null) {
      throw new AssertionError("found twice: " + pointer);
    }
  }

  private static Object text(String value) {
    return List.of("string", value);
  }

  /** Replaces numbers by their text where the row has the text of the same number. */
  static Map<String, Object> withNumbersAsText(
      Map<String, Object> leaves, Map<String, Object> rebuilt) {
    Map<String, Object> same = new TreeMap<>(leaves);
    same.replaceAll(
        (pointer, leaf) -> {
          Object other = rebuilt.get(pointer);
          boolean isText =
              leaf instanceof Decimal number
                  && other instanceof List<?> pair
                  && pair.get(1) instanceof String text
                  && Decimal.parse(text).equals(number);
          return isText ? other : leaf;
        });
    return same;
  }

  /** Normalises times as the row keeps them, without zone and original digits. */
  static Map<String, Object> withoutSpelling(Map<String, Object> leaves) {
    Map<String, Object> same = new TreeMap<>(leaves);
    same.replaceAll((pointer, leaf) -> normalised(leaf));
    return same;
  }

  private static Object normalised(Object leaf) {
    if (!(leaf instanceof List<?> pair) || !"string".equals(pair.get(0))) {
      return leaf;
    }
    String text = (String) pair.get(1);
    DateText date = DateText.read(text);
    if (date == null || !date.isInRange()) {
      return leaf;
    }
    return switch (date.type()) {
      case TIMESTAMP -> List.of("instant", epochMicros(text));
      case DATETIME -> List.of("civil", date.value());
      default -> leaf;
    };
  }

  /** Uses Java's calendar, which has no offsets beyond 18 hours. */
  private static long epochMicros(String text) {
    boolean isUtc = text.endsWith("Z");
    String zone = isUtc ? "+00:00" : text.substring(text.length() - 6);
    String civil = text.substring(0, text.length() - (isUtc ? 1 : zone.length()));
    LocalDateTime written = LocalDateTime.parse(civil.substring(0, Math.min(29, civil.length())));
    LocalTime offset = LocalTime.parse(zone.substring(1));
    int east = offset.toSecondOfDay() * (zone.startsWith("-") ? -1 : 1);
    Instant instant = written.toInstant(ZoneOffset.UTC).minusSeconds(east);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
