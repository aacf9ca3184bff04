package io.pipeline.dataflow.schema;

import com.google.common.collect.Lists;
import io.pipeline.dataflow.json.Decimal;
import io.pipeline.dataflow.json.JsonNode;
import io.pipeline.dataflow.json.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Canonical forms in which values that the contracts consider equal are equal. */
final class Canonical {
  private Canonical() {}

  /** Returns maps, in which members have no order, lists, and numbers by value. */
  static Object json(String text) {
    JsonNode node = JsonText.parse(text);
    if (node == null) {
      throw new AssertionError("not JSON: " + text);
    }
    return json(node);
  }

  static Object json(JsonNode node) {
    return switch (node.kind()) {
      case NULL -> "null";
      case BOOLEAN -> ((JsonNode.Bool) node).value();
      case NUMBER -> ((JsonNode.Num) node).decimal();
      case STRING -> List.of("string", ((JsonNode.Text) node).value());
      case ARRAY -> {
        JsonNode.Array array = (JsonNode.Array) node;
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          elements.add(json(array.get(i)));
        }
        yield elements;
      }
      case OBJECT -> {
        JsonNode.Obj object = (JsonNode.Obj) node;
        Map<String, Object> members = new TreeMap<>();
        for (int i = 0; i < object.size(); i++) {
          members.put(object.key(i), json(object.value(i)));
        }
        yield members;
      }
    };
  }

  /** Returns the event columns of a row that have a value. */
  static Map<String, Object> row(RowRecord row) {
    Map<String, Object> members = new TreeMap<>();
    for (int i = 0; i < row.record().size(); i++) {
      CompiledColumn column = row.record().column(i);
      Object value = row.value(i) == null ? null : value(row.value(i), column);
      if (!isNothing(value)) {
        members.put(column.name(), value);
      }
    }
    return members;
  }

  private static Object value(Object value, CompiledColumn column) {
    if (value instanceof Object[] elements) {
      return Lists.transform(List.of(elements), element -> value(element, column));
    }
    return switch (column.type()) {
      case RECORD -> row((RowRecord) value);
      case INT64 -> Decimal.parse(Long.toString((Long) value));
      case NUMERIC, BIGNUMERIC -> Decimal.parse((String) value);
      case FLOAT64 -> Decimal.parse(new BigDecimal((Double) value).toString());
      case JSON -> json((String) value);
      default -> value;
    };
  }

  /** Converts the row of a vector according to the types of its columns. */
  static Map<String, Object> expectedRow(
      com.fasterxml.jackson.databind.JsonNode row, CompiledRecord record) {
    Map<String, CompiledColumn> byName = new HashMap<>();
    for (int i = 0; i < record.size(); i++) {
      byName.put(record.column(i).name(), record.column(i));
    }
    Map<String, Object> members = new TreeMap<>();
    row.fields()
        .forEachRemaining(
            member -> {
              CompiledColumn column = byName.get(member.getKey());
              if (column == null) {
                throw new AssertionError(member.getKey() + " is no column");
              }
              Object value = expectedValue(member.getValue(), column);
              if (!isNothing(value)) {
                members.put(member.getKey(), value);
              }
            });
    return members;
  }

  private static Object expectedValue(
      com.fasterxml.jackson.databind.JsonNode value, CompiledColumn column) {
    if (value.isNull()) {
      return null;
    }
    if (column.isRepeated()) {
      return Vectors.stream(value).map(element -> expectedOne(element, column)).toList();
    }
    return expectedOne(value, column);
  }

  private static Object expectedOne(
      com.fasterxml.jackson.databind.JsonNode value, CompiledColumn column) {
    return switch (column.type()) {
      case RECORD -> expectedRow(value, column.record());
      case BOOL -> value.booleanValue();
      case INT64, NUMERIC, BIGNUMERIC -> Decimal.parse(value.textValue());
      case FLOAT64 ->
          Decimal.parse(new BigDecimal(Decimal.parse(value.textValue()).toDouble()).toString());
      case DATE -> (int) DateText.read(value.textValue()).value();
      case DATETIME, TIMESTAMP -> DateText.read(value.textValue()).value();
      case JSON -> json(value.textValue());
      default -> value.textValue();
    };
  }

  private static boolean isNothing(Object value) {
    return value == null
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  static Map<String, Object> overflow(List<OverflowEntry> entries) {
    Map<String, Object> canonical = new TreeMap<>();
    for (OverflowEntry entry : entries) {
      Object content =
          entry.value() == null
              ? Map.of("literal", entry.literal())
              : Map.of("value", json(entry.value()));
      canonical.put("at " + entry.pointer(), List.of(entry.reason().toString(), content));
    }
    return canonical;
  }

  static Map<String, Object> expectedOverflow(com.fasterxml.jackson.databind.JsonNode overflow) {
    Map<String, Object> canonical = new TreeMap<>();
    overflow
        .fields()
        .forEachRemaining(
            entry -> {
              com.fasterxml.jackson.databind.JsonNode fields = entry.getValue();
              Object content =
                  fields.has("literal")
                      ? Map.of("literal", fields.get("literal").textValue())
                      : Map.of("value", json(fields.get("value").textValue()));
              canonical.put(
                  "at " + entry.getKey(), List.of(fields.get("reason").textValue(), content));
            });
    return canonical;
  }

  /** Sorts columns by name unless their order matters. */
  static List<Column> columns(List<Column> columns, boolean isOrdered) {
    if (isOrdered) {
      return columns;
    }
    return columns.stream()
        .map(
            column ->
                new Column(
                    column.name(),
                    column.type(),
                    column.mode(),
                    column.description(),
                    columns(column.columns(), false),
                    column.parameters()))
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .toList();
  }
}
